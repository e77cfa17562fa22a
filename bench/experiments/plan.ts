import { seeded, shuffled } from "../harness/random.js";
import { ConfigError, type ExperimentConfig } from "./config.js";
import type { AnyExperiment, ExperimentContext, Variant } from "./experiment.js";
import { seedOf } from "./seeds.js";

/** An experiment with all that is decided before anything is measured: plan.json. */
export interface PlannedExperiment {
  readonly experiment: AnyExperiment;
  readonly config: Readonly<Record<string, unknown>>;
  readonly variants: readonly Variant[];
  readonly rounds: number;
  /** What is measured, one after the other. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly round: number;
  readonly variant: string;
  readonly seed: number;
}

export interface PlanOptions {
  readonly config: ExperimentConfig;
  readonly context: ExperimentContext;
  readonly seed: number;
  /** Rounds of every experiment. @defaultValue what the configuration says */
  readonly repeat?: number | undefined;
}

/** Undefined for an experiment without an entry in the configuration. Throws ConfigError where two variants have one key. */
export function planOf(experiment: AnyExperiment, { config, context, seed, repeat }: PlanOptions): PlannedExperiment | undefined {
  const entry = config.entryOf(experiment, context.profile);
  if (entry === undefined) return undefined;
  const variants: readonly Variant[] = experiment.variants(entry.own, context);
  const keys = variants.map(({ key }) => key);
  const double = keys.find((key, at) => keys.indexOf(key) !== at);
  if (double !== undefined)
    throw new ConfigError(
      `Cannot plan ${experiment.category}.${experiment.name} as no two of its values may be measured as the same variant: found ${double} twice`,
    );
  const rounds = repeat ?? entry.rounds;
  const random = seeded(seedOf(seed, experiment.category, experiment.name));
  const steps = Array.from({ length: rounds }, (_, round) =>
    shuffled(keys, random).map((variant) => ({ round, variant, seed: seedOf(seed, experiment.name, variant, round) })),
  ).flat();
  return { experiment, config: entry.own, variants, rounds, steps };
}

/** As it is kept: the same for the same seed and configuration, byte for byte. */
export function planRecord({ experiment, config, variants, rounds, steps }: PlannedExperiment): object {
  return { category: experiment.category, name: experiment.name, config, rounds, variants, steps };
}
