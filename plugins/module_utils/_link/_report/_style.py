# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The style sheet of the report.

Light and dark follow the reader's device, and paper is always light. Where the reader forces colours, theirs are taken.
No font, picture or script is fetched: the page's own policy forbids it.
"""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._colours import (
    DARK,
    LIGHT,
    SYSTEM,
    variables,
)

NARROW_PIXELS = 700
"""Below this width the narrow drawings are shown."""


def style_sheet() -> str:
    """All of it."""
    return "\n".join(
        (
            f":root{{color-scheme:light dark;{variables(LIGHT)}}}",
            f"@media (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}",
            f"@media (forced-colors:active){{:root{{{variables(SYSTEM)}}}}}",
            _PAGE.strip(),
            _PARTS.strip(),
            _DRAWINGS.strip(),
            f"@media (max-width:{NARROW_PIXELS}px){{{_SMALL.strip()}}}",
            f"@media print{{:root{{color-scheme:light;{variables(LIGHT)}}}{_PAPER.strip()}}}",
        )
    )


_PAGE = """
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--reserve);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
section:focus{outline:none}
.skip{position:absolute;left:1rem;top:-4rem;z-index:1;padding:.6rem 1rem;background:var(--card);
border-radius:0 0 8px 8px}
.skip:focus{top:0}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.2rem}
h1{margin:0;font-size:1.05rem;font-weight:600;color:var(--dim)}
h2{margin:0 0 1rem;font-size:1.15rem;line-height:1.3}
.state{display:flex;gap:1rem;align-items:center;margin:.7rem 0 1.5rem}
.state .icon{flex:none;width:3rem;height:3rem}
.state strong{display:block;font-size:1.8rem;line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
.state span{color:var(--dim)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;margin:0;padding:0 0 .9rem;list-style:none}
nav a{display:inline-block;padding:.25rem 0;color:var(--dim);text-decoration:none}
nav a:hover{color:var(--ink);text-decoration:underline}
main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.1rem}
footer{padding-top:1.4rem;padding-bottom:3rem;color:var(--dim);font-size:.85rem}
.card{grid-column:1/-1;min-width:0;padding:1.4rem 1.5rem 1.5rem;background:var(--card);border:1px solid var(--rule);
border-radius:14px;scroll-margin-top:1rem}
#findings,#phone{grid-column:auto}
@media (max-width:900px){#findings,#phone{grid-column:1/-1}}
"""

_PARTS = """
p{margin:0 0 1rem}p:last-child{margin-bottom:0}
small{display:block;font-size:.82rem;color:var(--dim)}
.nowrap{white-space:nowrap}
.lead,.note{color:var(--dim)}
.note{margin-top:.9rem;font-size:.9rem}
.absent{margin:0;padding:1.1rem 1.2rem;background:var(--well);border-radius:10px;color:var(--dim)}
.icon{display:inline-block;flex:none;fill:currentColor;vertical-align:-.16em}
.icon .in{fill:none;stroke:var(--card);stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.good{color:var(--good)}.reserve{color:var(--reserve)}.warn{color:var(--warn)}.bad{color:var(--bad)}.dim{color:var(--dim)}
.sign{display:inline-flex;gap:.45em;align-items:baseline}
.sign .icon{align-self:start;margin-top:.26em}
.figures.card{padding:0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1px;margin:0;
background:var(--rule);border:1px solid var(--rule);border-radius:14px;overflow:hidden}
.figure{padding:.9rem 1.2rem 1rem;background:var(--card)}
.figure dt{font-size:.85rem;color:var(--dim)}
.figure dd{margin:0}
.figure strong{display:block;font-size:1.5rem;line-height:1.3;letter-spacing:-.01em}
.figure span{font-size:.85rem;color:var(--dim)}
.figure.good strong{color:var(--good)}.figure.warn strong{color:var(--warn)}.figure.bad strong{color:var(--bad)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(8.5rem,100%),1fr));gap:1rem 1.4rem;margin:0}
.facts dt{font-size:.85rem;color:var(--dim)}
.facts dd{margin:.1rem 0 0}
.scroll{overflow-x:auto;margin-top:1.1rem;border-radius:6px}
table{width:100%;border-collapse:collapse;font-size:.92rem;overflow-wrap:normal}
caption{padding:0 0 .4rem;text-align:left;font-size:.85rem;color:var(--dim)}
th,td{padding:.5rem .9rem .5rem 0;text-align:left;vertical-align:top;border-top:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;padding-top:.1rem;font-size:.82rem;font-weight:500;color:var(--dim);white-space:nowrap}
tbody th{font-weight:600}
th small{font-weight:400}
.dense small{display:inline}
.timing td small,.dense td{white-space:nowrap}
.dense td:nth-of-type(1){white-space:normal}
time,td .sign{white-space:nowrap}
ul.findings,ul.judged,ul.never,ul.legend,ul.ends{margin:0;padding:0;list-style:none}
.findings li+li{margin-top:.6rem}
details{border-radius:10px}
.findings details{padding:.7rem .9rem;background:var(--well)}
.findings details.bad{background:var(--bad-well);color:inherit}
.findings details.warn{background:var(--warn-well);color:inherit}
.findings details.reserve{background:var(--reserve-well);color:inherit}
.findings details.dim{color:inherit}
summary{cursor:pointer;width:fit-content;max-width:100%}
.severity{font-weight:600;margin-left:.45em}
.findings dl{margin:.7rem 0 .1rem;display:grid;gap:.5rem}
.findings dt{font-size:.82rem;color:var(--dim)}
.findings dd{margin:0}
.card>.judged{display:grid;gap:.35rem;margin-top:1.3rem}
.judged li,.never li{display:flex;gap:.55em;align-items:baseline}
.judged .icon{align-self:start;margin-top:.3em}
.card>.never{display:grid;gap:.4rem;margin-bottom:1rem}
.never li{padding:.6rem .9rem;background:var(--warn-well);border-radius:10px}
.card>details{margin-top:1.2rem}
.card>details>summary{color:var(--reserve)}
figure{margin:1.3rem 0 0}
figcaption{margin-top:.6rem;font-size:.85rem;color:var(--dim)}
"""

_DRAWINGS = """
svg{max-width:100%}
svg text{font-family:inherit}
.topology svg,.plot>svg,.trend>svg{display:block;width:100%;height:auto}
svg.narrow{display:none}
.plot>svg *{stroke-linejoin:round}
.topology .box{fill:var(--well);stroke:var(--rule);stroke-width:1.5}
.topology .box.good{stroke:var(--good)}.topology .box.reserve{stroke:var(--reserve)}
.topology .box.warn{stroke:var(--warn);fill:var(--warn-well)}.topology .box.bad{stroke:var(--bad);fill:var(--bad-well)}
.topology .icon .in{stroke:var(--well)}
.topology text{fill:var(--ink);font-size:15.5px}
.topology .name{font-weight:600}
.topology .small{fill:var(--dim);font-size:13.5px}
.topology path[class]{fill:none;stroke:currentColor;stroke-linecap:round}
.topology .icon path{fill:currentColor;stroke:none}
.topology .icon path.in{fill:none;stroke:var(--card)}
.topology .flow{stroke-width:5}
.topology .ready{stroke-width:2.5}
.topology .asleep{stroke-width:2.5;stroke-dasharray:9 8}
.topology .broken{stroke-width:3;stroke-dasharray:.1 8}
.topology .none{stroke-width:1.5;stroke-dasharray:.1 8}
.topology+.scroll{margin-top:1.5rem}
figcaption .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;margin-top:.3rem}
.legend li{display:flex;gap:.5em;align-items:center}
.key{width:1.5rem;height:.8rem;border-radius:2px}
.key.answered{height:0;border-top:2px solid var(--good)}
.key.lost{border:1px solid var(--bad);
background:repeating-linear-gradient(135deg,var(--bad) 0 1px,var(--bad-well) 1px 4px)}
.key.foretold{height:0;border-top:3px solid var(--reserve)}
.bar{display:block;width:11rem;height:1.5rem;overflow:visible}
.scale{stroke:var(--edge);stroke-width:1}
.foretold{fill:var(--reserve-well);stroke:var(--reserve);stroke-width:1.2}
.measured{stroke:var(--ink);stroke-width:2}
.trend .ends{display:flex;justify-content:space-between;margin-top:.3rem;font-size:.82rem;color:var(--dim)}
.trend .column{fill:currentColor}
.trend .frame{fill:none;stroke:var(--edge);stroke-width:1.2}
.battery{width:2.5rem;height:1rem;vertical-align:-.12em;margin-right:.5em}
.battery .case{fill:none;stroke:var(--edge);stroke-width:1.4}.battery .end{fill:var(--edge)}
.battery .fill{fill:currentColor}
"""

_SMALL = """
html{font-size:15.5px}
header,main,footer{padding-left:1rem;padding-right:1rem}
header{padding-top:1.4rem}
.card{padding:1.1rem 1rem 1.2rem}
.state strong{font-size:1.45rem}
.figures{grid-template-columns:1fr 1fr}
.figure{padding:.7rem .9rem .8rem}
.figure strong{font-size:1.25rem}
svg.wide{display:none}
svg.narrow{display:block!important}
.topology svg.narrow{max-width:25rem;margin:0 auto}
.plot svg.narrow{max-width:34rem}
.facts{grid-template-columns:1fr 1fr;gap:1rem .9rem}
table,tbody,caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{display:grid;grid-template-columns:1fr 1fr;gap:.45rem .9rem;padding:.7rem 0;border-top:1px solid var(--rule)}
tbody th,tbody td{padding:0;border:0;min-width:0;overflow-wrap:anywhere}
tbody th{grid-column:1/-1}
td[data-label]::before{content:attr(data-label);display:block;font-size:.82rem;color:var(--dim)}
td:not([data-label]){grid-column:1/-1}
td small,.dense td{white-space:normal!important}
.dense small{display:block}
table.dense tbody tr{grid-template-columns:1fr 1fr 1fr}
table.dense td:nth-of-type(1){grid-column:span 2}
.bar{width:100%;max-width:20rem}
"""

_PAPER = """
@page{margin:14mm}
html{font-size:10.5pt}
body{background:none}
.skip,nav{display:none}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
header{padding-top:0}
main{display:block}
.card{margin-bottom:1rem;padding:1rem;border-radius:0;border-width:1px 0 0}
.scroll{overflow:visible}
svg.wide{display:block!important}svg.narrow{display:none!important}
details::details-content{content-visibility:visible;block-size:auto}
figure,tr,.findings li,.figures{break-inside:avoid}
h2{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
"""
