import { seeded, shuffled } from "./random.js";
import { type ProcessorTimes, readProcessorTimes, STEAL_SHARE_MAX, stealShare } from "./steal-time.js";

export interface RoundsOptions<Unit, Sample> {
  readonly units: readonly Unit[];
  readonly rounds: number;
  /** Decides the order of the units within each round. */
  readonly seed: number;
  /** Measures one unit in a process of its own. */
  measure(unit: Unit): Promise<Sample>;
  /** Called before each unit with how many of how many are done. */
  progress?(unit: Unit, done: number, total: number): void;
  /** Stands in for the system's reading in tests. */
  readProcessorTimes?(): ProcessorTimes | undefined;
}

export interface Round<Sample> {
  /** One a unit, in the order of the units given, however they were measured. */
  readonly samples: readonly Sample[];
  /** Share of processor time stolen by other machines while the round was measured. */
  readonly stealShare: number;
  /** How often the round was measured anew because of that. */
  readonly repeats: number;
}

/** A round that is disturbed this often is kept as it is: its share of stolen time stands in the results. */
const REPEATS_MAX = 2;

/** Measures all units once a round, in an order of its own each time, so that drift of the machine meets all of them alike. */
export async function measureRounds<Unit, Sample>(options: RoundsOptions<Unit, Sample>): Promise<Round<Sample>[]> {
  const random = seeded(options.seed);
  const rounds: Round<Sample>[] = [];
  while (rounds.length < options.rounds) {
    const order = shuffled([...options.units.keys()], random);
    rounds.push(await measureUndisturbed(options, order, rounds.length));
  }
  return rounds;
}

async function measureUndisturbed<Unit, Sample>(
  options: RoundsOptions<Unit, Sample>,
  order: readonly number[],
  round: number,
): Promise<Round<Sample>> {
  const read = options.readProcessorTimes ?? readProcessorTimes;
  for (let repeats = 0; ; repeats++) {
    const before = read();
    const samples = await measureOnce(options, order, round);
    const stolen = stealShare(before, read());
    if (stolen <= STEAL_SHARE_MAX || repeats === REPEATS_MAX) return { samples, stealShare: stolen, repeats };
  }
}

async function measureOnce<Unit, Sample>(
  { units, rounds, measure, progress }: RoundsOptions<Unit, Sample>,
  order: readonly number[],
  round: number,
): Promise<Sample[]> {
  const samples = new Array<Sample>(units.length);
  for (const [position, index] of order.entries()) {
    progress?.(units[index]!, round * units.length + position, rounds * units.length);
    samples[index] = await measure(units[index]!);
  }
  return samples;
}

/** Says when other machines took processor time in spite of repeats; empty when all is well. */
export function disturbance(rounds: readonly Round<unknown>[]): string {
  const disturbed = rounds.filter(({ stealShare }) => stealShare > STEAL_SHARE_MAX).length;
  return disturbed === 0
    ? ""
    : `Other machines took over ${STEAL_SHARE_MAX * 100} % of the processor in ${disturbed} of ${rounds.length} rounds: read these numbers with care.\n`;
}
