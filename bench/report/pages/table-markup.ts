import { type Html, html } from "./html.js";
import type { TextTable } from "./variants-table.js";

/** A table in a box of its own, which scrolls where the page is narrower; the first cell of each row names it. */
export function tableMarkup({ caption, columns, rows }: TextTable): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map(cellMarkup)}</tr>\n`)}</tbody>
</table></div>`;
}

/** Longer cells may be broken into lines. */
const SHORT_MAX = 48;

function cellMarkup(text: string): Html {
  return html`<td${text.length <= SHORT_MAX && html` class="short"`}>${text}</td>`;
}
