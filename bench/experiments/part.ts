import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { Progress } from "../report/progress.js";
import type { ExperimentConfig, Pace } from "./config.js";

/** What every part of the main job is given. */
export interface PartContext {
  readonly config: ExperimentConfig["performance"];
  readonly pace: Pace;
  readonly packageRoot: string;
  readonly cores: number;
}

/** What it gives back: a text for the terminal, and the numbers behind it. */
export interface PartResult {
  readonly text: string;
  readonly samples: readonly unknown[];
  readonly summary: unknown;
}

/** The contenders of the main job, in the order of its tables. */
export const mainContenders = ["dataflower", "sequential", "promises", "async-auto", "piscina-task", "piscina-run"] as const;

export type MainContender = (typeof mainContenders)[number];

/** Each sample stands beside what was measured. */
export interface Named {
  readonly contender: MainContender;
  readonly workload: string;
}

/** Measures all units of a part in rounds of fresh processes. */
export async function measurePart<Sample extends Named>(
  title: string,
  units: readonly Unit[],
  { config, pace }: PartContext,
): Promise<{ samples: Sample[]; note: string }> {
  const progress = new Progress(title);
  const rounds = await measureRounds({
    units,
    rounds: pace.rounds,
    seed: config.seed,
    measure: measureInFreshProcess,
    progress: (unit, done, total) => progress.update(done, total, unit.contender),
  });
  progress.end();
  // as: child.ts prints what unit.ts returns for these parameters
  const samples = rounds.flatMap((round, index) => round.samples.flat().map((sample) => ({ round: index, ...(sample as Sample) })));
  return { samples, note: disturbance(rounds) };
}
