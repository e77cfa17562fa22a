import type { Spun } from "./spin-stencil.js";
import { stencil } from "./stencil.js";

const COLUMNS = 2;

/**
 *     0 ─ 2 ─ 4 ─ …
 *       ╳   ╳
 *     1 ─ 3 ─ 5 ─ …
 *
 * Two tasks of 1 ms at a time: of each pair one is worth handing to another worker, so tasks change threads as often as they can.
 */
export const spinLadder = stencil(320, COLUMNS);

/** Throws unless every task ran and saw all that was above it. */
export function checkLadder(answer: readonly Spun[]): void {
  const isRight = answer.length === spinLadder.size && answer.every(({ depth }, task) => depth === Math.floor(task / COLUMNS) + 1);
  if (!isRight) throw new Error(`Cannot count this run as its answer is wrong: ${JSON.stringify(answer)}`);
}
