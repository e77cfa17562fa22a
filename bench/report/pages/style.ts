/** Of all pages: light and dark, on paper, and narrow. Pictures stay on white. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --faint: #57606a; --page: #f6f8fa; --card: #ffffff; --rule: #d0d7de; --link: #0550ae;
  --bad: #b3261e; --bad-card: #ffebe9; --good: #116329; --warn: #7a4b00; --warn-card: #fff8c5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9da7b1; --page: #0d1117; --card: #161b22; --rule: #30363d; --link: #79b8ff;
  --bad: #ff9d94; --bad-card: #3c1618; --good: #6fdd8b; --warn: #f2cc60; --warn-card: #2e2506; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 "IBM Plex Sans", Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 16px; }
main { padding-bottom: 48px; }
h1 { font-size: 28px; line-height: 1.25; margin: 28px 0 8px; }
h2 { font-size: 22px; margin: 44px 0 8px; border-bottom: 2px solid var(--rule); }
h3 { font-size: 18px; margin: 32px 0 8px; }
h4 { font-size: 16px; margin: 0; }
h1, h2, h3, h4, th, strong { font-weight: 600; }
a { color: var(--link); }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.88em; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 12px 0; font-size: 14px; }
dl.facts dt { color: var(--faint); } dl.facts dd { margin: 0; }
.banner { border: 2px solid currentColor; border-radius: 6px; padding: 10px 14px; margin: 16px 0; font-weight: 600; }
.banner.warn { color: var(--warn); background: var(--warn-card); }
.banner.bad, .problems { color: var(--bad); background: var(--bad-card); }
.problems { border-left: 4px solid currentColor; padding: 8px 14px; margin: 12px 0; } .problems ul { margin: 4px 0; padding-left: 20px; }
.absent { color: var(--faint); font-size: 14px; }
.headline { font-size: 17px; }
.scroll { overflow-x: auto; margin: 12px 0; background: var(--card); border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; overflow-wrap: normal; }
caption { text-align: left; padding: 8px 12px; color: var(--faint); }
th, td { text-align: left; vertical-align: top; padding: 6px 12px; border-top: 1px solid var(--rule); min-width: 72px; max-width: 420px; }
thead th { white-space: nowrap; } tbody th { font-weight: 400; min-width: 110px; } td { font-variant-numeric: tabular-nums; }
.long { min-width: 240px; } .short { white-space: nowrap; } .verdict { font-weight: 600; white-space: nowrap; }
.verdict.holds { color: var(--good); } .verdict.bad { color: var(--bad); } .verdict.partly { color: var(--warn); }
.picture { margin: 16px 0; padding: 16px 16px 8px; background: #ffffff; color: #1f2328; border: 1px solid var(--rule); border-radius: 6px; }
.picture figcaption p { margin: 4px 0 8px; font-size: 13px; color: #57606a; }
.chart { overflow-x: auto; min-height: 60px; }
.keys { display: flex; flex-wrap: wrap; gap: 4px 8px; margin: 0 0 6px; padding: 0; list-style: none; font-size: 13px; }
.keys button { font: inherit; color: inherit; background: none; border: 1px solid #d0d7de; border-radius: 4px; padding: 2px 8px; cursor: pointer; text-align: left; }
.keys button[aria-pressed="false"] { opacity: 0.6; text-decoration: line-through; }
.keys .note { padding: 3px 0; color: #57606a; }
.keys .mark { display: inline-block; width: 18px; margin-right: 6px; vertical-align: middle; border-top: 4px solid; }
.keys .mark.dashed { border-top-style: dashed; border-top-width: 2px; }
summary { cursor: pointer; padding: 4px 0; }
nav ul { padding-left: 20px; margin: 4px 0; }
.choice { display: flex; flex-wrap: wrap; gap: 8px 16px; margin: 12px 0; } .choice select { font: inherit; max-width: 100%; }
.tip { white-space: pre-line; max-width: min(320px, 80vw); font-size: 13px; line-height: 1.4; }
@media print { body { background: none; font-size: 12px; } .picture, .scroll, tr { break-inside: avoid; } .scroll { overflow: visible; } .keys button { border: 0; }
  h2, h3, h4 { break-after: avoid; } }
`;
