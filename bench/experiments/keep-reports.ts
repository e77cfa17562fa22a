import type { Environment } from "../harness/environment.js";
import type { Outcome } from "./outcome.js";
import type { RunFolder, RunManifest } from "./run-folder.js";

/** What pages are made of. */
export interface ReportSources {
  readonly environment: Environment;
  readonly manifest: RunManifest;
  readonly outcomes: readonly Outcome[];
}

/** Keeps the pages of a run. */
export function keepReports(folder: RunFolder, { manifest, outcomes }: ReportSources): void {
  folder.write("summary.md", outcomes.map(({ summary }) => `- ${summary.question} ${summary.headline}\n`).join("") + manifest.command);
}
