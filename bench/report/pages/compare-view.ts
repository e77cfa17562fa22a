import { type ComparedSummary, compareSummaries, type RunComparison } from "../../experiments/compare-runs.js";
import { type BrowserElement, browser, element } from "./browser.js";
import { metricText, metricTitle } from "./metric-text.js";

/** A run that can be chosen. */
export interface ComparableRun {
  readonly title: string;
  readonly summaries: readonly ComparedSummary[];
}

/** Fills the table whenever other runs are chosen. */
export function offerComparison(runs: readonly ComparableRun[]): void {
  const { document } = browser;
  const [first, second, table] = ["first-run", "second-run", "comparison"].map((id) => document.getElementById(id));
  if (!first || !second || !table) return;
  const show = () => {
    const [a, b] = [runs[Number(first.value)], runs[Number(second.value)]];
    if (a !== undefined && b !== undefined) table.replaceChildren(...comparisonMarkup(compareSummaries(a.summaries, b.summaries)));
  };
  for (const choice of [first, second]) choice.addEventListener("change", show);
  show();
}

function comparisonMarkup({ measured, same, incomparable }: RunComparison): BrowserElement[] {
  if (measured.length + same + incomparable === 0) return [element("p", "", "These two have no metric in common.")];
  const alike = measured.filter(({ isDifferent }) => !isDifferent).length;
  const share = measured.length === 0 ? "" : ` (${Math.round((100 * alike) / measured.length)} %)`;
  const text =
    `${alike} of ${measured.length} metrics${share} have 1 in the 95 % interval of B ÷ A; the others stand first. ` +
    `${same} have the same values in both, ${incomparable} have no interval.`;
  const head = element("tr", "", ...["experiment", "variant", "metric", "B ÷ A [95 %]", "n"].map((title) => cell("th", title, "col")));
  const rows = measured.map((one) =>
    element(
      "tr",
      "",
      cell("th", one.experiment, "row"),
      ...[one.variant, metricTitle(one.metric), `${one.isDifferent ? "≠ 1: " : ""}${metricText("ratio", one.ratio)}`, one.n.join(", ")].map(
        (value) => cell("td", value),
      ),
    ),
  );
  const caption = element("caption", "", text);
  return [element("table", "", caption, element("thead", "", head), element("tbody", "", ...rows))];
}

function cell(name: "th" | "td", text: string, scope?: string): BrowserElement {
  const made = element(name, "", text);
  if (scope !== undefined) made.setAttribute("scope", scope);
  return made;
}
