import { relative } from "node:path";
import { table } from "../report/table.js";
import type { ReportSources } from "./keep-reports.js";
import type { RunManifest } from "./run-folder.js";

/** What a run says at its end: a line an experiment, and where everything stands. */
export function terminalReport(
  { profile, isPartial, reason, experiments }: RunManifest,
  { environment, outcomes, folder }: Omit<ReportSources, "manifest"> & { readonly folder: string },
): string {
  const machine = `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}`;
  const rows = experiments.map(({ category, name, status, message }) => {
    const outcome = outcomes.find(({ summary }) => summary.experiment === name && summary.category === category);
    return [`${category}/${name}`, status, message ?? outcome?.summary.headline ?? ""];
  });
  const columns = ["experiment", "status", "found"].map((title) => ({ title, align: "left" as const }));
  return [
    `${machine}; profile ${profile}${profile === "quick" ? ": a first look, the numbers mean little" : ""}${isPartial ? `; PARTIAL: ${reason}` : ""}`,
    "",
    table(columns, rows),
    "",
    `Report: ${relative(process.cwd(), folder)}/report.html`,
    "",
  ].join("\n");
}
