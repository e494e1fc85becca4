"""The style of the page of a verdict, and the policy that allows a page its style and nothing else."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --line: #8886; --page: #fff; --text: #1c1f23; --quiet: #5b6168; --code: #f3f4f6; }
:root { --broken: #b3261e; --potentially-affected: #8f4a00; --unknown: #5b6168; --unaffected: #23702a; }
:root { --link: #1558b0; --ink: #fff; --mark: #ffd54f; }
@media screen and (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e4e6ea; --quiet: #a4abb4; --code: #23262c; --link: #8ab8f7; }
  :root { --broken: #f28b82; --potentially-affected: #f0b35a; --unknown: #b0b7c0; --unaffected: #81c784; }
  :root { --ink: #14161a; --mark: #ffd54f; }
}
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
body { background: var(--page); color: var(--text); }
h1 { font-size: 1.35rem; line-height: 1.4; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; line-height: 1.5; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; line-height: 1.5; margin: 0 0 .3rem; overflow-wrap: anywhere; }
p, ul, ol { margin: .5rem 0; }
ul, ol { padding-left: 1.3rem; }
li { overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { padding: .6rem .8rem; background: var(--code); border-radius: 4px; margin: .4rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.error, .broken, .no { --hue: var(--broken); }
.warning, .potentially-affected { --hue: var(--potentially-affected); }
.advice, .baseline, .unknown, .pending, .skipped { --hue: var(--unknown); }
.unaffected, .held, .yes { --hue: var(--unaffected); }
.waived { --hue: var(--link); }
article { border: 1px solid var(--line); border-left: 6px solid var(--hue); border-radius: 6px; }
article { padding: .8rem 1rem; margin: 1rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: inherit; overflow-wrap: break-word; min-width: 9rem; max-width: 24rem; }
td:not(:last-child) { white-space: nowrap; }
td:last-child { overflow-wrap: anywhere; min-width: 12rem; }
caption, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip:focus { position: absolute; top: .5rem; background: var(--page); padding: .4rem .8rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.badge { background: var(--hue); border-radius: 4px; color: var(--ink); font-size: .85em; font-weight: 600; }
.badge { padding: .1rem .45rem; white-space: nowrap; }
.place, .quiet { color: var(--quiet); overflow-wrap: anywhere; }
a { color: var(--link); }
svg { margin: 1rem 0; }
svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
svg.hits { max-width: 100%; height: auto; }
svg.bar { margin: 0; vertical-align: middle; }
svg.bar rect { fill: var(--hue); }
svg.bar .track { fill: var(--code); }
svg.system { display: block; }
svg.system text { font: 12px ui-monospace, monospace; }
svg.system text { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
svg.system .name { font: 600 13px system-ui, sans-serif; stroke: none; }
svg.system .sign { font: 700 14px system-ui, sans-serif; fill: var(--hue); }
svg.system .party { fill: var(--code); stroke: var(--quiet); }
svg.system .line { fill: none; stroke: var(--hue); }
svg.system .head { fill: var(--hue); }
svg.system .ground { fill: var(--page); stroke: var(--hue); stroke-width: 1.5px; }
summary { cursor: pointer; color: var(--link); overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .8rem; margin: .4rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.message { font-weight: 600; overflow-wrap: anywhere; margin: .6rem 0 .2rem; }
.difference { background: var(--code); border-radius: 4px; padding: .5rem .8rem; }
.expected code { color: var(--unaffected); }
.actual code { color: var(--broken); }
mark { background: var(--mark); color: #14161a; border-radius: 2px; }
.snippets { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
@media (max-width: 45rem) {
  body { margin: 1rem auto; }
  article { padding: .6rem .7rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { display: inline-block; border: 0; padding: .1rem .5rem .1rem 0; min-width: 0; max-width: none; }
  td:last-child { display: block; min-width: 0; }
  #system tbody th::after { content: " →"; }
  dl { grid-template-columns: 1fr; }
  dd { padding-left: 1rem; }
}
@page { size: A4; margin: 14mm; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  nav, .skip { display: none; }
  .wide { overflow: visible; }
  svg { max-width: 100%; height: auto; }
  svg.bar { height: 12px; }
  .badge, svg, pre, .difference, mark { print-color-adjust: exact; }
  article, tr, svg { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; height: auto; }
}
"""


def content_policy(style: str = STYLE) -> str:
    """Allow a page its one style and nothing else (https://www.w3.org/TR/CSP3/)."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
