import { ExperimentRun } from "./experiment-run.js";
import type { Outcome } from "./outcome.js";
import type { ExperimentState } from "./run-folder.js";
import type { RunOptions } from "./run-options.js";

/** What came of a run. */
export interface RunResult {
  readonly states: readonly ExperimentState[];
  readonly outcomes: readonly Outcome[];
}

/**
 * Measures the first round of all experiments of a plan, then the second one of those that have one, and so on: so the rounds of each lie as far apart as
 * the run is long, and what changes slowly on the machine is in their spread, not in one experiment. Samples that are there already are not measured again.
 */
export async function runPlan(options: RunOptions): Promise<RunResult> {
  const runs = options.plan.map((planned) => new ExperimentRun(planned, options));
  const rounds = Math.max(...options.plan.map((planned) => planned.rounds));
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) await run.measure(round);
  }
  const results = runs.map((run) => run.result());
  return { states: results.map(({ state }) => state), outcomes: results.flatMap(({ outcome }) => outcome ?? []) };
}
