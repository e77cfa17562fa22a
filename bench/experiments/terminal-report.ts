import { relative } from "node:path";
import type { Report } from "../report/pages/report.js";
import { warnings } from "../report/pages/run-facts.js";
import { table } from "../report/table.js";

/** What a run says at its end: a line an experiment, what that says of each claim, and where everything stands. */
export function terminalReport({ environment, manifest, outcomes, claims }: Report, folder: string): string {
  const found = manifest.experiments.map(({ category, name, status, message }) => {
    const outcome = outcomes.find(({ summary }) => summary.experiment === name && summary.category === category);
    return [`${category}/${name}`, status, message ?? outcome?.summary.headline ?? ""];
  });
  const judged = claims.map(({ statement, verdict, figure }) => [verdict, statement, figure]);
  return [
    `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}`,
    ...warnings(manifest),
    "",
    leftTable(["experiment", "status", "found"], found),
    "",
    leftTable(["verdict", "claim", "measured"], judged),
    "",
    `Report: ${relative(process.cwd(), folder)}/report.html`,
    "",
  ].join("\n");
}

function leftTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return table(
    titles.map((title) => ({ title, align: "left" as const })),
    rows,
  );
}
