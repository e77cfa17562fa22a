import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { claimsPage } from "../report/pages/claims-page.js";
import { type IndexedRun, indexPage } from "../report/pages/index-page.js";
import type { Report } from "../report/pages/report.js";
import { reportPage } from "../report/pages/report-page.js";
import { summaryMarkdown } from "../report/pages/summary-markdown.js";
import { RunFolder } from "./run-folder.js";
import type { Summary } from "./summary.js";

/** Keeps the pages of a run in its folder, and the index over all runs beside it. */
export function keepReports(folder: RunFolder, report: Report): void {
  folder.write("report.html", reportPage(report));
  folder.write("claims.html", claimsPage(report));
  folder.write("summary.md", summaryMarkdown(report));
  folder.write("../index.html", indexPage(runsBelow(dirname(folder.path))));
}

/** Every folder that says that it is a run. */
function runsBelow(root: string): IndexedRun[] {
  return readdirSync(root).flatMap((name) => {
    const run = RunFolder.at(join(root, name));
    const manifest = run.manifest();
    return manifest === undefined ? [] : [{ folder: basename(run.path), manifest, summaries: summariesOf(run) }];
  });
}

/** Of those experiments that have one which can be read. */
export function summariesOf(run: RunFolder): Summary[] {
  const experiments = run.manifest()?.experiments ?? [];
  return experiments.flatMap(({ category, name }) => {
    const summary = run.readJson(`${category}/${name}/summary.json`) as Summary | undefined; // as: only the program writes it
    return summary === undefined ? [] : [summary];
  });
}
