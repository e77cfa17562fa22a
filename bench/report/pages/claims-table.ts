import { type Html, html } from "./html.js";
import type { Claim, Verdict } from "./report.js";

const LOOKS: Readonly<Record<Verdict, string>> = {
  holds: "holds",
  partly: "partly",
  "does not hold": "bad",
  "needs --profile full": "",
  "not assessed": "",
};

/** What was claimed, what was measured, and what follows. */
export function claimsTable(claims: readonly Claim[]): Html {
  const caption = "Claims, and what was measured here";
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${["claim", "verdict", "measured [95 %]", "statement", "note"].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${claims.map(claimRow)}</tbody>
</table></div>`;
}

function claimRow({ name, statement, figure, interval, verdict, note }: Claim): Html {
  return html`<tr><th scope="row">${name}</th><td><span class="verdict ${LOOKS[verdict]}">${verdict}</span></td>
<td>${measuredOf({ figure, interval })}</td><td class="long">${statement}</td><td class="long">${note}</td></tr>\n`;
}

/** `3.4 × [3.1, 3.7]`, or a dash. */
export function measuredOf({ figure, interval }: Pick<Claim, "figure" | "interval">): string {
  return figure === "" ? "–" : `${figure}${interval === "" ? "" : ` ${interval}`}`;
}
