import { stringify } from "yaml";
import type { Environment } from "../harness/environment.js";
import type { ExperimentContext } from "./experiment.js";
import { measureStep } from "./measuring.js";
import { keepOutcome, type Outcome, outcomeOf } from "./outcome.js";
import type { PlannedExperiment } from "./plan.js";
import { type ExperimentState, FolderError, folderOf, type RunFolder } from "./run-folder.js";
import type { Sample } from "./sample.js";

export interface RunOptions {
  readonly plan: readonly PlannedExperiment[];
  readonly context: ExperimentContext;
  readonly seed: number;
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
  /** After all samples of an experiment, or as many as there are. */
  ended(planned: PlannedExperiment, state: ExperimentState, outcome: Outcome): void;
}

/** What came of a run. */
export interface RunResult {
  readonly states: readonly ExperimentState[];
  readonly outcomes: readonly Outcome[];
}

/** Measures all experiments of a plan, one after the other; samples that are there already are not measured again. */
export async function runPlan(options: RunOptions): Promise<RunResult> {
  const states: ExperimentState[] = [];
  const outcomes: Outcome[] = [];
  for (const planned of options.plan) {
    const { state, outcome } = await runExperiment(planned, options);
    states.push(state);
    if (outcome !== undefined) outcomes.push(outcome);
  }
  return { states, outcomes };
}

async function runExperiment(planned: PlannedExperiment, options: RunOptions): Promise<{ state: ExperimentState; outcome?: Outcome }> {
  const { context, seed, environment, folder, signal, listener } = options;
  const { experiment, rounds, steps } = planned;
  const base = { category: experiment.category, name: experiment.name, rounds, units: steps.length };
  const samples = folder.samples(`${folderOf(planned.experiment)}/samples.jsonl`);
  if (signal.aborted && samples.length === 0) return { state: { ...base, status: "not started" } };
  folder.write(
    `${folderOf(planned.experiment)}/config.yaml`,
    stringify({ [experiment.category]: { [experiment.name]: { ...planned.config, rounds } } }),
  );
  folder.writeJson(`${folderOf(planned.experiment)}/environment.json`, environment);
  const failure = await measureSteps(planned, samples, options);
  const outcome = outcomeOf(planned, samples, { profile: context.profile, seed });
  keepOutcome(folder, folderOf(planned.experiment), outcome, samples);
  const state = { ...base, ...standing(failure, outcome) };
  listener.ended(planned, state, outcome);
  return { state, outcome };
}

/** @returns what went wrong, if something did: the experiment ends there, others go on */
async function measureSteps(planned: PlannedExperiment, samples: Sample[], options: RunOptions): Promise<Error | undefined> {
  const { context, folder, signal, listener } = options;
  const known = new Set(samples.map(({ variant, round }) => `${round} ${variant}`));
  for (const step of planned.steps) {
    if (signal.aborted) return undefined;
    if (known.has(`${step.round} ${step.variant}`)) continue;
    listener.measuring(planned, step.variant);
    const startMs = performance.now();
    try {
      const sample = await measureStep(planned, step, context, signal);
      folder.append(`${folderOf(planned.experiment)}/samples.jsonl`, sample);
      samples.push(sample);
      listener.measured(planned, sample, performance.now() - startMs);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof FolderError) throw error;
      listener.failed(planned);
      return error instanceof Error ? error : new Error(String(error));
    }
  }
  return undefined;
}

function standing(failure: Error | undefined, { summary }: Outcome): Pick<ExperimentState, "status" | "message"> {
  const problems = [...(failure === undefined ? [] : [failure.message]), ...summary.problems];
  if (problems.length > 0) return { status: "failed", message: problems.join("; ") };
  return { status: summary.isPartial ? "partial" : "done" };
}
