import { judge } from "../../../goals/failure-cells.js";
import type { CoinsCount } from "../../../harness/measurements/coins.js";

/** Of a cell's interval: it leaves out what is true this often at most. */
const MISS_SHARE = 0.001;
/** So many cells outside of their intervals come about by chance less often than this. */
const CHANCE_MIN = 0.002;

/** The samples of all rounds, those of one cell added up. */
export function cellsOf(samples: readonly CoinsCount[]): CoinsCount[] {
  const cells = new Map<string, CoinsCount>();
  for (const { tasks, attempts, failureShare, runs, completed } of samples) {
    const key = `${tasks} ${attempts} ${failureShare}`;
    const { runs: before, completed: completedBefore } = cells.get(key) ?? { runs: 0, completed: 0 };
    cells.set(key, { tasks, attempts, failureShare, runs: before + runs, completed: completedBefore + completed });
  }
  return [...cells.values()];
}

/** A sentence when the closed form lies outside of the 99.9 % interval of more cells than chance allows. */
export function problemOf(cells: readonly CoinsCount[]): string[] {
  const outside = cells.map(judge).filter(({ holds }) => !holds);
  const allowed = missesAllowed(cells.length);
  if (outside.length <= allowed) return [];
  const named = outside.map(({ tasks, attempts, failureShare, seen, expected }) => {
    return `${tasks} tasks, ${attempts} attempts, rate ${failureShare}: ${seen}, not ${expected}`;
  });
  return [
    `(1 − p^a)^N lies outside the 99.9 % interval of ${outside.length} of ${cells.length} cells, chance allows ${allowed}: ${named.join("; ")}`,
  ];
}

/** As many as are exceeded by chance less often than once in 500 times. */
export function missesAllowed(cells: number): number {
  let exactly = (1 - MISS_SHARE) ** cells;
  let more = 1 - exactly;
  let misses = 0;
  while (more > CHANCE_MIN) {
    misses++;
    exactly *= ((cells - misses + 1) / misses) * (MISS_SHARE / (1 - MISS_SHARE));
    more -= exactly;
  }
  return misses;
}
