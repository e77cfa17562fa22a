import type { Outcome } from "../../experiments/outcome.js";
import { claimsTable } from "./claims-table.js";
import { experimentSection } from "./experiment-section.js";
import { type Html, html, jsonScript } from "./html.js";
import { page } from "./page.js";
import type { Report } from "./report.js";
import { factsMarkup, runFacts, warningsMarkup } from "./run-facts.js";

/** The report of a run as one HTML file: claims first, then every experiment with its pictures, numbers and what is missing. */
export function reportPage({ environment, manifest, outcomes, claims }: Report): string {
  const categories = [...new Set(outcomes.map(({ summary }) => summary.category))];
  const header = html`<h1>DataFlower: experiments</h1>
${warningsMarkup(manifest)}
${factsMarkup(runFacts(manifest, environment))}`;
  const body = html`${claims.length > 0 && html`<section><h2>What was claimed</h2>${claimsTable(claims)}</section>`}
${contents(outcomes)}
${categories.map((category) => categorySection(category, outcomes))}
<noscript><p class="banner warn">Pictures are drawn by a script, which does not run here. They lie beside this page, too, in the plots folders.</p></noscript>
${jsonScript(
  "pictures",
  outcomes.flatMap(({ pictures }) => pictures),
)}`;
  return page({ title: `DataFlower: experiments of ${manifest.time}`, header, body });
}

function contents(outcomes: readonly Outcome[]): Html {
  const links = outcomes.map(({ summary }) => html`<li><a href="#${summary.experiment}">${summary.question}</a></li>`);
  return html`<nav aria-label="Experiments"><details><summary>${outcomes.length} experiments</summary><ul>${links}</ul></details></nav>`;
}

function categorySection(category: string, outcomes: readonly Outcome[]): Html {
  const own = outcomes.flatMap((outcome, at) => {
    const first = outcomes.slice(0, at).reduce((sum, { pictures }) => sum + pictures.length, 0);
    return outcome.summary.category === category ? [experimentSection(outcome, first)] : [];
  });
  return html`<h2>${category.replaceAll("_", " ")}</h2>\n${own}`;
}
