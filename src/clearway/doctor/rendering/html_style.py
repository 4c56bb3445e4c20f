"""What a report looks like, beyond what it shares with the page of a road."""

STYLE = """
:root{--card:#fff;--line:#d9dde0;--add:#e3f3ea;--take:#fbe6e4}
@media (prefers-color-scheme:dark){:root{--card:#1b2024;--line:#343c42;--add:#16301f;--take:#3a1b19}}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .75rem;overflow-wrap:anywhere;text-wrap:pretty}
h2{font-size:1.15rem;margin:2.25rem 0 .75rem}h3{font-size:1.05rem;line-height:1.35;margin:.1rem 0 .6rem}
h4{font-size:.95rem;margin:.8rem 0 .1rem}h3,dd,li,summary,p{overflow-wrap:anywhere}
.brand,.counts,.about,.id{color:var(--quiet);font-size:.9rem;margin:0}
.caution{margin:0 0 1rem;padding:.6rem .8rem;border:.15rem solid var(--unknown);border-radius:.4rem}
.caution b,.warning .level,.road .risk .state{color:var(--unknown)}.error .level,.road .wrong .state{color:var(--wrong)}
.note .level{color:var(--quiet)}.road .right .state{color:var(--right)}.risk .state,.wrong .state{font-weight:600}
.road .start>i,.road .unseen>i{background:var(--quiet)}.road .risk>i{background:var(--unknown)}
.road>.to-risk::before{border-color:var(--unknown)}.road>.to-unseen::before{border-color:var(--quiet)}
a{color:inherit;text-underline-offset:.15em}
.finding{margin:0 0 1rem;padding:.9rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem;
border-left:.35rem solid var(--after)}.finding.error{border-left-color:var(--wrong)}
.finding.warning{border-left-color:var(--unknown)}.finding .finding{margin:.75rem 0 0}
dl{margin:0;display:grid;grid-template-columns:4.2rem minmax(0,1fr);gap:.35rem .5rem}dd{margin:0}dt{color:var(--quiet)}
dd ul{list-style:none;margin:0;padding:0 0 0 .9rem}dd li{text-indent:-.9rem}dd li+li{margin-top:.2rem}
code,pre,.mono{font:.85rem/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:.4rem 0 0;padding:.5rem .7rem;white-space:pre-wrap;border:1px solid var(--line);border-radius:.35rem}
dd p{margin:.4rem 0 0}pre.command{user-select:all;-webkit-user-select:all}
.diff{padding:.5rem 0}.diff>*{display:block;padding:0 .7rem 0 1.9rem;text-indent:-1.2rem;text-decoration:none}
.diff ins{background:var(--add)}.diff del{background:var(--take)}.diff span{color:var(--quiet)}
details{margin:.6rem 0 0}section>details{margin:0}summary{cursor:pointer;padding:.35rem .2rem;border-radius:.25rem}
:focus-visible{outline:.2rem solid var(--ink);outline-offset:.1rem}
details>ul{margin:.2rem 0 .8rem;padding-left:1.2rem;columns:15rem}details p{margin:.1rem 0 .5rem}
@media (max-width:30rem){body{padding:.9rem}dl{display:block}dt{margin-top:.5rem}.finding{padding:.7rem}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--quiet:#444;--right:#1c5c3d;--wrong:#a3211d;--unknown:#6d4700;
--after:#777;--on:#fff;--line:#999;--add:#fff;--take:#fff}body{max-width:none;padding:0;font-size:10pt}
.road i,.finding,.diff>*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
pre,.road>li,h3{break-inside:avoid}h2,h3,h4,summary{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}}
"""
