/** The drawing, its tools and its legend. */
export const GRAPH_STYLE = `
.picture{border:1px solid var(--rule);border-radius:6px;min-width:0;display:flex;flex-direction:column}
.tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center;padding:7px 10px;border-bottom:1px solid var(--rule);background:var(--card);border-radius:6px 6px 0 0}
.tools span{color:var(--soft);font-size:13px;margin-left:8px}
#graph{display:block;width:100%;flex:1 0 66vh;height:66vh;min-height:320px;touch-action:none;cursor:grab}
#graph .outline{fill:var(--fill);stroke:var(--line);stroke-width:1.6}
#graph .s-failed .outline{stroke-width:3}
#graph .s-waiting .outline,#graph .s-unknown .outline{stroke-dasharray:5 3}
#graph .diamond .outline{fill:var(--page);stroke:var(--edge);stroke-dasharray:none;stroke-width:1.5}
#graph .diamond.s-failed .outline{fill:var(--fill);stroke:var(--line)}
#graph .r-starts .outline,#graph .r-starts-again .outline{stroke:var(--accent);stroke-width:4.5}
#graph .r-reruns .outline{stroke:var(--careful);stroke-width:3;stroke-dasharray:7 3}
#graph .r-kept .outline{stroke-width:1}
#graph text{font-size:12.5px;fill:var(--ink);pointer-events:none}
#graph .name{font-weight:650;font-size:13px}
#graph .state{fill:var(--line)}
#graph .s-failed .state{font-weight:700}
#graph .r-starts .role,#graph .r-starts-again .role,#graph .r-reruns .role{font-weight:700}
#graph .box{cursor:pointer}
#graph .box:focus{outline:none}
#graph .box:focus-visible .outline,#graph .box:hover .outline{stroke:var(--accent);stroke-width:4}
#graph .selected .outline{stroke:var(--ink);stroke-width:5;stroke-dasharray:none}
#graph .edge{fill:none;stroke:var(--edge);stroke-width:1.3;marker-end:url(#tip)}
#graph .way{stroke:var(--accent);stroke-width:2.4;marker-end:url(#tip-way)}
#tip path{fill:var(--edge)}
#tip-way path{fill:var(--accent)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:8px 12px;list-style:none;font-size:13px;border-top:1px solid var(--rule)}
.legend li{display:flex;gap:6px;align-items:center}
.legend svg{width:34px;height:20px;flex:none}
.legend path{fill:var(--fill,transparent);stroke:var(--line,var(--edge));stroke-width:1.6}
.legend b{min-width:1.2em;text-align:center}
`;
