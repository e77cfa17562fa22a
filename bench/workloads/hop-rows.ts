import { threadId } from "node:worker_threads";
import { monotonicMs } from "../harness/clock.js";

/**
 *   warm   0 ─ 2 ─ 4 ─ …        cold       ┌ 1 ┐   ┌ 4 ┐
 *            ╳   ╳                       0 ┤   ├ 3 ┤   ├ …
 *          1 ─ 3 ─ 5 ─ …                   └ 2 ┘   └ 5 ┘
 *
 * Rows of which each waits for all of the one before. The tasks of a row keep their threads busy until the same moment. So of a pair that has become
 * ready one task must go to the other thread: in the warm rows that one has ended its own task a moment ago, in the cold ones it has had nothing
 * to do for as long as the single task took.
 */
export interface HopRows {
  /** Tasks of each row. */
  readonly widths: readonly number[];
  /** How long a row of so many tasks keeps its threads busy, in ms. */
  spinMs(width: number): number;
  /** Whether a pair counts: by the row above it. */
  counts(above: readonly Beat[]): boolean;
}

export type HopKind = "warm" | "cold";

/** What a task gives. Times in ms on the machine's clock. */
export interface Beat {
  readonly thread: number;
  /** The number of its row, from 0. */
  readonly row: number;
  readonly endedAt: number;
  /** From the end of the task that made this one ready to its own start; 0 in the first row. */
  readonly waitMs: number;
  /** Whether that task was executed by another thread. */
  readonly hasHopped: boolean;
}

/** What became of a pair. */
export interface Pair {
  /** From the end of the task that made it ready to the start on the other thread; of a pair that stayed: to the start of its second task. */
  readonly hopMs: number;
  /** Nobody came for the second task while the first was being executed: the hop would have taken longer than this. */
  readonly hasStayed: boolean;
}

const WARM_SPIN_MS = 0.2;
/** Long enough for a thread to fall asleep, and for its core to follow. */
const PAUSE_MS = 5;
/** Of a cold pair: longer than it takes to wake a thread, so that the task is still there for it. */
const COLD_SPIN_MS = 2;

const kinds: Readonly<Record<HopKind, HopRows>> = {
  warm: {
    widths: new Array<number>(160).fill(2),
    spinMs: () => WARM_SPIN_MS,
    // Otherwise the other thread may have fallen asleep meanwhile.
    counts: ([one, other]) => one?.thread !== other?.thread,
  },
  cold: {
    widths: new Array<number[]>(20).fill([1, 2]).flat(),
    spinMs: (width) => (width === 1 ? PAUSE_MS : COLD_SPIN_MS),
    counts: (above) => above.length === 1,
  },
};

export function hopRowsOf(kind: HopKind): HopRows {
  return kinds[kind];
}

/** The body of every task. */
export function beat({ above, spinMs }: { readonly above: readonly Beat[]; readonly spinMs: number }): Beat {
  const startedAt = monotonicMs();
  const last = above.reduce<Beat | undefined>((latest, one) => (latest && latest.endedAt >= one.endedAt ? latest : one), undefined);
  const readyAt = last?.endedAt ?? startedAt;
  let endedAt = startedAt;
  while (endedAt < readyAt + spinMs) endedAt = monotonicMs();
  const hasHopped = last !== undefined && last.thread !== threadId;
  return { thread: threadId, row: (last?.row ?? -1) + 1, endedAt, waitMs: startedAt - readyAt, hasHopped };
}

/** Throws unless every task ran, in its row. @returns the pairs that count */
export function countedPairs({ widths, counts }: HopRows, answer: readonly Beat[]): Pair[] {
  const rows = rowsOf(widths, answer);
  return rows.slice(1).flatMap((pair, above) => (pair.length === 2 && counts(rows[above]!) ? [pairOf(pair)] : []));
}

function rowsOf(widths: readonly number[], answer: readonly Beat[]): Beat[][] {
  const rows = widths.map((_, index) => answer.filter(({ row }) => row === index));
  if (rows.some((row, index) => row.length !== widths[index]))
    throw new Error(`Cannot count this run as its answer is wrong: ${JSON.stringify(answer)}`);
  return rows;
}

function pairOf(pair: readonly Beat[]): Pair {
  const hopped = pair.filter(({ hasHopped }) => hasHopped);
  const waited = hopped.length > 0 ? hopped : pair;
  return { hopMs: Math.max(...waited.map(({ waitMs }) => waitMs)), hasStayed: hopped.length === 0 };
}
