import { stringify } from "yaml";
import { commandOfOne } from "./command.js";
import { measureStep } from "./measuring.js";
import { keepOutcome, type Outcome, outcomeOf } from "./outcome.js";
import type { PlannedExperiment, Step } from "./plan.js";
import { type ExperimentState, FolderError, folderOf } from "./run-folder.js";
import type { RunOptions } from "./run-options.js";
import type { Sample } from "./sample.js";

/** One experiment while it is measured, round by round. */
export class ExperimentRun {
  readonly #planned: PlannedExperiment;
  readonly #options: RunOptions;
  readonly #folder: string;
  readonly #samples: Sample[];
  #ended: { readonly state: ExperimentState; readonly outcome?: Outcome } | undefined;

  constructor(planned: PlannedExperiment, options: RunOptions) {
    this.#planned = planned;
    this.#options = options;
    this.#folder = folderOf(planned.experiment);
    this.#samples = options.folder.samples(`${this.#folder}/samples.jsonl`);
  }

  /** Measures what this round has not measured yet; nothing once something went wrong, or the run was interrupted. Ends after the last round. */
  async measure(round: number): Promise<void> {
    const { folder, environment, signal, listener } = this.#options;
    const { experiment, config, rounds, steps } = this.#planned;
    if (this.#ended !== undefined || round >= rounds || signal.aborted) return;
    if (round === 0) {
      folder.write(`${this.#folder}/config.yaml`, stringify({ [experiment.category]: { [experiment.name]: { ...config, rounds } } }));
      folder.writeJson(`${this.#folder}/environment.json`, environment);
    }
    const known = new Set(this.#samples.map((sample) => `${sample.round} ${sample.variant}`));
    const left = steps.filter((step) => step.round === round && !known.has(`${round} ${step.variant}`));
    const failure = await this.#measureSteps(left);
    if (signal.aborted) return;
    if (failure !== undefined || round === rounds - 1) this.#end(failure);
    else if (left.length > 0) listener.roundEnded(this.#planned, round);
  }

  /** How far it came, and what came of it; where it was interrupted, of what there is. */
  result(): { readonly state: ExperimentState; readonly outcome?: Outcome } {
    return this.#ended ?? (this.#samples.length === 0 ? { state: { ...this.#base(), status: "not started" } } : this.#end());
  }

  /** @returns what went wrong, if something did: the experiment ends there, others go on */
  async #measureSteps(steps: readonly Step[]): Promise<Error | undefined> {
    const { context, folder, signal, listener } = this.#options;
    for (const step of steps) {
      listener.measuring(this.#planned, step.variant);
      const startMs = performance.now();
      try {
        const sample = await measureStep(this.#planned, step, context, signal);
        folder.append(`${this.#folder}/samples.jsonl`, sample);
        this.#samples.push(sample);
        listener.measured(this.#planned, sample, performance.now() - startMs);
      } catch (error) {
        if (signal.aborted) return undefined;
        if (error instanceof FolderError) throw error;
        listener.failed(this.#planned);
        return error instanceof Error ? error : new Error(String(error));
      }
      if (signal.aborted) return undefined;
    }
    return undefined;
  }

  #end(failure?: Error): { readonly state: ExperimentState; readonly outcome: Outcome } {
    const { context, seed, asked, folder, listener } = this.#options;
    const command = commandOfOne(asked, this.#planned.experiment.name);
    const outcome = outcomeOf(this.#planned, this.#samples, { profile: context.profile, seed, command });
    keepOutcome(folder, this.#folder, outcome, this.#samples);
    const state = { ...this.#base(), ...standing(failure, outcome) };
    this.#ended = { state, outcome };
    listener.ended(this.#planned, state, outcome);
    return { state, outcome };
  }

  #base(): Pick<ExperimentState, "category" | "name" | "rounds" | "units"> {
    const { experiment, rounds, steps } = this.#planned;
    return { category: experiment.category, name: experiment.name, rounds, units: steps.length };
  }
}

function standing(failure: Error | undefined, { summary }: Outcome): Pick<ExperimentState, "status" | "message"> {
  const problems = [...(failure === undefined ? [] : [failure.message]), ...summary.problems];
  if (problems.length > 0) return { status: "failed", message: problems.join("; ") };
  return { status: summary.isPartial ? "partial" : "done" };
}
