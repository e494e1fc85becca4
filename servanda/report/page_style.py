"""The style of the page of a verdict, and the policy that allows a page its style and nothing else."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --line: #8884; --page: #fff; --text: #1c1f23; --quiet: #5b6168; --code: #f3f4f6; }
:root { --broken: #c62828; --potentially-affected: #b45f06; --unknown: #666c75; --unaffected: #2e7d32; }
:root { --link: #1565c0; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e4e6ea; --quiet: #9aa1aa; --code: #23262c; --link: #7db4f5; }
  :root { --broken: #d9534f; --potentially-affected: #c77a1e; --unknown: #7a818b; --unaffected: #3f9a45; }
}
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
body { background: var(--page); color: var(--text); }
h1 { font-size: 1.35rem; line-height: 1.4; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; line-height: 1.5; margin: 0 0 .3rem; overflow-wrap: anywhere; }
p, ul, ol { margin: .5rem 0; }
ul, ol { padding-left: 1.3rem; }
li { overflow-wrap: anywhere; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { padding: .6rem .8rem; background: var(--code); border-radius: 4px; overflow-x: auto; margin: .4rem 0; }
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
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td:not(:last-child) { white-space: nowrap; }
td:last-child { overflow-wrap: anywhere; min-width: 12rem; }
.badge { background: var(--hue); border-radius: 4px; color: #fff; font-size: .85em; font-weight: 600; }
.badge { padding: .1rem .45rem; white-space: nowrap; }
.place { color: var(--quiet); overflow-wrap: anywhere; }
a { color: var(--link); }
svg { max-width: 100%; height: auto; margin: 1rem 0; }
svg text { fill: currentColor; font: 13px system-ui, sans-serif; }
summary { cursor: pointer; color: var(--link); }
.snippets { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
@media (max-width: 45rem) {
  body { margin: 1rem auto; }
  article { padding: .6rem .7rem; }
  article thead { display: none; }
  article tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  article td { display: inline-block; border: 0; padding: .1rem .5rem .1rem 0; }
  article td:not(:last-child) { white-space: nowrap; }
td:last-child { display: block; min-width: 0; }
}
"""


def content_policy(style: str = STYLE) -> str:
    """Allow a page its one style and nothing else (https://www.w3.org/TR/CSP3/)."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
