import type { Environment } from "../harness/environment.js";
import type { Asked } from "./command.js";
import type { ExperimentContext } from "./experiment.js";
import type { Outcome } from "./outcome.js";
import type { PlannedExperiment } from "./plan.js";
import type { ExperimentState, RunFolder } from "./run-folder.js";
import type { Sample } from "./sample.js";

export interface RunOptions {
  readonly plan: readonly PlannedExperiment[];
  readonly context: ExperimentContext;
  readonly seed: number;
  readonly asked: Asked;
  readonly environment: Environment;
  readonly folder: RunFolder;
  /** Interrupts the run when it aborts: what is done is kept. */
  readonly signal: AbortSignal;
  readonly listener: RunListener;
}

/** Who is told how a run goes. */
export interface RunListener {
  /** Before a sample is measured. */
  measuring(planned: PlannedExperiment, variant: string): void;
  /** After it was. */
  measured(planned: PlannedExperiment, sample: Sample, elapsedMs: number): void;
  /** After one that could not be measured. */
  failed(planned: PlannedExperiment): void;
  /** After a round of an experiment that is not its last one. */
  roundEnded(planned: PlannedExperiment, round: number): void;
  /** After all samples of an experiment, or as many as there are. */
  ended(planned: PlannedExperiment, state: ExperimentState, outcome: Outcome): void;
}
