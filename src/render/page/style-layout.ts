/** Everything but the drawing. */
export const LAYOUT_STYLE = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header,main,footer{padding:0 24px;max-width:1900px;margin:0 auto}
header{padding-top:20px}
h1{font-size:22px;line-height:1.3;margin:0;display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;overflow-wrap:anywhere}
h2{font-size:17px;margin:0 0 8px;overflow-wrap:anywhere}
h3{font-size:14px;margin:0 0 4px}
p{margin:4px 0}
.badge{display:inline-block;padding:1px 10px;border:2px solid var(--line,var(--rule));border-radius:4px;background:var(--fill,transparent);color:var(--line,var(--ink));font-size:15px;font-weight:700;margin-right:6px}
.badge.r-starts{--line:var(--accent)}
.badge.r-may-run{--line:var(--accent)}
.badge.r-reruns,.badge.r-starts-again{--line:var(--careful);--fill:var(--careful-fill)}
.summary{font-size:16px}
.facts{display:flex;flex-wrap:wrap;gap:2px 22px;margin:6px 0 0;color:var(--soft);font-size:13px}
.facts div{display:flex;gap:6px;overflow-wrap:anywhere}
.facts dd{margin:0;color:var(--ink)}
.words{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:12px;margin:16px 0}
.card{border:1px solid var(--rule);border-left:5px solid var(--line,var(--rule));border-radius:6px;padding:9px 14px;background:var(--fill,var(--card));overflow-wrap:anywhere}
.card.refused{--line:var(--refused);--fill:var(--refused-fill)}
.card.careful{--line:var(--careful);--fill:var(--careful-fill)}
.card.starts{--line:var(--accent)}
.card.failures{--line:var(--failed);grid-column:1/-1}
.card.told{grid-column:1/-1}
.card.told>ul:not(.names){max-height:9.2em;overflow:auto}
.card h2{font-size:15px;margin:0 0 4px}
.card ul{margin:0;padding-left:18px}
.card .names{display:flex;flex-wrap:wrap;gap:4px;margin:0;padding:0;list-style:none}
.card .names button{padding:0 8px;font-size:13px}
.failure{display:grid;grid-template-columns:minmax(140px,max-content) 1fr;gap:2px 14px;align-items:baseline;margin:5px 0}
.failure code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
button,input{font:inherit;color:inherit}
button{background:var(--page);border:1px solid var(--rule);border-radius:5px;padding:2px 11px;cursor:pointer;max-width:100%;overflow-wrap:anywhere;text-align:left}
button:hover:not(:disabled){border-color:var(--accent)}
button:disabled{color:var(--soft);cursor:default}
:focus-visible{outline:3px solid var(--accent);outline-offset:1px}
.fingerprint{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--soft);overflow-wrap:anywhere}
.stage{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}
@media (min-width:1000px){.stage{grid-template-columns:minmax(0,1fr) 390px}}
aside{border:1px solid var(--rule);border-radius:6px;padding:12px 14px;background:var(--card);min-width:0}
@media screen and (min-width:1000px){aside{max-height:78vh;overflow:auto}}
aside input{width:100%;padding:5px 9px;margin:2px 0 8px;background:var(--page);border:1px solid var(--soft);border-radius:5px}
#all{margin-bottom:10px}
aside ul{list-style:none;margin:0 0 6px;padding:0}
aside .list{margin:14px 0 0}
aside #details>.list:first-child{margin-top:0}
aside .list>button{margin-right:6px}
.node{display:flex;gap:8px;width:100%;margin:3px 0;align-items:baseline}
.node .glyph{color:var(--line);font-weight:700;flex:none;width:1em}
.node .name{flex:1;min-width:0}
.node .word{color:var(--line);font-size:13px;flex:none}
.where,.times{color:var(--soft);font-size:13px}
aside dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 12px;font-size:13px;margin:10px 0}
aside dt{color:var(--soft)}
aside dd{margin:0;overflow-wrap:anywhere}
.attempt{border-left:4px solid var(--line);padding:2px 0 2px 10px;margin:10px 0}
.attempt h3{color:var(--line)}
pre{margin:4px 0;padding:8px;background:var(--page);border:1px solid var(--rule);border-radius:5px;font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:340px;overflow:auto}
footer{color:var(--soft);font-size:12px;padding-bottom:20px;margin-top:10px}
`;
