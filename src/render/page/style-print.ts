/** On paper: no tools, everything as it lies. */
export const PRINT_STYLE = `
@media print{
body{font-size:11px}
aside,.tools{display:none}
.stage{display:block}
.card.told>ul:not(.names){max-height:none}
.card,.picture,.failure{break-inside:avoid}
.card .names button,.failure button{border:0;padding:0 8px 0 0;background:none}
#graph{flex:none;height:auto;max-height:170mm}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
