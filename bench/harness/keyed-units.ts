import { Progress } from "../report/progress.js";
import { measureInFreshProcess, type Unit } from "./fresh-process.js";
import type { MeasuringOptions } from "./measuring-options.js";
import { disturbance, measureRounds } from "./rounds.js";

/** Named, so that its samples can be asked for by what they are of. */
export interface KeyedUnit<Key extends string = string> extends Unit {
  readonly key: Key;
}

/** What one process printed, and of which unit and round it is. */
export type Keyed<Sample, Key extends string = string> = Sample & {
  readonly key: Key;
  readonly round: number;
  /** See Round. */
  readonly stealShare: number;
  readonly repeats: number;
};

export interface KeyedSamples<Sample, Key extends string = string> {
  readonly samples: readonly Keyed<Sample, Key>[];
  /** Empty, or that the machine was disturbed. */
  readonly note: string;
}

/**
 * Measures units in interleaved rounds, each in a fresh process, and says on stderr how far it is.
 *
 * @typeParam Sample what the processes of these units print
 */
export async function measureKeyedUnits<Sample extends object, Key extends string = string>(
  title: string,
  units: readonly KeyedUnit<Key>[],
  { rounds: count, seed }: Pick<MeasuringOptions, "rounds" | "seed">,
): Promise<KeyedSamples<Sample, Key>> {
  const progress = new Progress(title);
  const rounds = await measureRounds({
    units,
    rounds: count,
    seed,
    measure: (unit: KeyedUnit<Key>) => measureInFreshProcess(unit),
    progress: (unit, done, total) => progress.update(done, total, unit.key),
  });
  progress.end();
  const samples = rounds.flatMap(({ samples: ofUnits, stealShare, repeats }, round) =>
    // as: the caller knows what these processes print
    ofUnits.flatMap((lines, unit) => lines.map((line) => ({ ...(line as Sample), key: units[unit]!.key, round, stealShare, repeats }))),
  );
  return { samples, note: disturbance(rounds) };
}
