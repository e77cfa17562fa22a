import { claimsTable, measuredOf } from "./claims-table.js";
import { type Html, html } from "./html.js";
import { page } from "./page.js";
import type { Claim, Report } from "./report.js";
import { factsMarkup, runFacts, warningsMarkup } from "./run-facts.js";

/** The claims alone: what is said, by whom, what was measured, what follows, and which summaries that was computed from. */
export function claimsPage({ environment, manifest, claims }: Omit<Report, "outcomes">): string {
  const header = html`<h1>DataFlower: claims</h1>
${warningsMarkup(manifest)}
${factsMarkup(runFacts(manifest, environment))}`;
  const body = html`<h2>At a glance</h2>${claimsTable(claims)}${claims.map(claimSection)}`;
  return page({ title: `DataFlower: claims, by the run of ${manifest.time}`, header, body });
}

function claimSection(claim: Claim): Html {
  const { name, statement, source, verdict, note, summaries } = claim;
  return html`<section><h2>${name}</h2>
<p>${statement}</p>
${factsMarkup([
  ["claimed by", source],
  ["measured [95 %]", measuredOf(claim)],
  ["verdict", verdict],
  ...(note === "" ? [] : [["note", note] as const]),
])}
${summaries.length > 0 && html`<p>Computed from ${summaries.map((path, at) => html`${at > 0 && ", "}<a href="${pathAddress(path)}">${path}</a>`)}</p>`}
</section>\n`;
}

/** Of a file beside the page; nothing in a path becomes another protocol, a query or a fragment. */
export function pathAddress(path: string): string {
  return `./${path.split("/").map(encodeURIComponent).join("/")}`;
}
