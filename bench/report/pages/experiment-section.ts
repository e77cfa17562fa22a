import type { Outcome } from "../../experiments/outcome.js";
import type { Picture } from "../plots/picture.js";
import { type Html, html } from "./html.js";
import { tableMarkup } from "./table-markup.js";
import { absences, findingsTable, variantsTable } from "./variants-table.js";

/** Tables with more rows than these are folded. */
const OPEN_ROWS_MAX = 12;

/** One experiment of a page: question, answer, pictures, tables. @param firstPicture position of its first picture among those of the page */
export function experimentSection({ summary, pictures }: Outcome, firstPicture: number): Html {
  const { experiment, question, headline, problems, variants, isPartial, command, rounds } = summary;
  const findings = findingsTable(summary);
  const table = tableMarkup(variantsTable(summary));
  return html`<section id="${experiment}" aria-labelledby="${experiment}-question">
<h3 id="${experiment}-question">${question}</h3>
${headline !== "" && html`<p class="headline">${headline}</p>`}
${isPartial && html`<p class="banner bad">PARTIAL: it ended before all ${rounds} rounds were measured.</p>`}
${problems.length > 0 && html`<div class="problems"><strong>Something is wrong:</strong>${listOf(problems)}</div>`}
${pictures.map((picture, at) => figureMarkup(picture, firstPicture + at))}
${findings.rows.length > 0 && tableMarkup(findings)}
${variants.length <= OPEN_ROWS_MAX ? table : html`<details><summary>All ${variants.length} variants</summary>${table}</details>`}
${absent(absences(variants))}
<p class="absent"><code>${experiment}</code>, repeated by <code>${command}</code></p>
</section>`;
}

function absent(lines: readonly string[]): Html | false {
  return lines.length > 0 && html`<div class="absent">Not measured here:${listOf(lines)}</div>`;
}

function listOf(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function figureMarkup(picture: Picture, index: number): Html {
  const { title, subtitle } = picture;
  return html`<figure class="picture" data-picture="${index}">
<figcaption><h4>${title}</h4><p>${subtitle}</p></figcaption>
<ul class="keys" aria-label="What is shown in: ${title}"></ul>
<div class="chart" role="img" aria-label="${describe(picture)}"></div>
</figure>\n`;
}

/** What there is to see, for those who do not see it; the numbers stand in the table. */
function describe(picture: Picture): string {
  const { title } = picture;
  switch (picture.kind) {
    case "lines":
      return `Lines: ${title} ${picture.y.name} by ${picture.x.name}, for ${picture.lines.map(({ name }) => name).join(", ")}`;
    case "bars":
      return `Bars: ${title} ${picture.x.name} of ${picture.bars.map(({ name }) => name).join(", ")}`;
    case "heat-map":
      return `Heat map: ${title} ${picture.rows.join(", ")} by ${picture.groups.map(({ name }) => name).join(", ")}`;
    case "scatter":
      return `Points: ${title} ${picture.y.name} by ${picture.x.name}, ${picture.points.length} points`;
    case "gantt":
      return `Gantt chart: ${title} ${picture.spans.length} tasks on ${picture.rows.join(", ")}`;
  }
}
