import { z } from "zod";
import type { AnyExperiment, ExperimentContext } from "./experiment.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import type { Measured, Sample } from "./sample.js";

export const testContext: ExperimentContext = {
  profile: "quick",
  pace: { warmupMs: 1, measureMs: 5, openLoopMs: 20 },
  cores: 2,
  packageRoot: "",
  sharedData: undefined,
};

interface Given {
  readonly config: object;
  readonly rounds?: number;
  readonly context?: ExperimentContext;
  /** What was found of a variant; undefined: it was not measured. */
  measured(labels: Readonly<Record<string, string | number>>, round: number, key: string): Measured | undefined;
}

/** What an experiment makes of what was found, its configuration checked. */
export function outcomeWith(experiment: AnyExperiment, { config, rounds = 1, context = testContext, measured }: Given): Outcome {
  const own = z.strictObject(experiment.config).parse(config);
  const variants = experiment.variants(own, context) as ReturnType<AnyExperiment["variants"]>;
  const steps = Array.from({ length: rounds }, (_, round) => variants.map(({ key }) => ({ round, variant: key, seed: 1 }))).flat();
  const samples = Array.from({ length: rounds }, (_, round) =>
    variants.flatMap(({ key, labels }): Sample[] => {
      const found = measured(labels, round, key);
      return found === undefined ? [] : [{ variant: key, round, stealShare: 0, repeats: 0, ...found }];
    }),
  ).flat();
  return outcomeOf({ experiment, config: own, variants, rounds, steps }, samples, {
    profile: "quick",
    seed: 1,
    command: `npm run experiments -- --only ${experiment.name}`,
  });
}
