/**
 * A scope of a shared run in shared memory: one block of its opener's payload arena.
 *
 *   word 0       1      2      3           4     5       6   7
 *       ├ region ┼ count┼ width┼ nodes left┼ next┼ parent┼ at┼ reduce: node ┤
 *       ├ run's outermost scope only, per worker: tasks ┼ work in ms (2 words) ┼ … ┤
 *       ├ missing, per instance ┼ holds, per instance ┼ output, per instance ┼ elements' nodes left (only if width < count) ┤
 *
 * Header words 0, 1, 2, 5, 6, 7 are written before the block is published and never again. `missing`, `holds`, `nodes left`, `next`
 * and the elements' counts change by atomic subtraction and addition only: whoever reaches zero owns what follows. The bit
 * `skippedBit` of a `missing` is set, never cleared, when the instance is not to be executed; it does not count. `output` is a
 * handle, stored once by the task that ended, before it releases its successors, and cleared by the last reader. The statistics of
 * a worker are written by that worker alone.
 */
import type { ScopeShape } from "../../actors/workflow/scope.js";

export const REGION = 0;
export const COUNT = 1;
export const WIDTH = 2;
export const NODES_LEFT = 3;
export const NEXT = 4;
export const PARENT = 5;
export const AT = 6;
export const NODE = 7;
export const HEADER_WORDS = 8;
export const STATISTICS_WORDS = 3;

/** Positions of the tables of a block, in words from its start. */
export interface BlockLayout {
  readonly missing: number;
  readonly holds: number;
  readonly output: number;
  readonly elements: number;
  readonly words: number;
}

/** @param workers how many workers keep statistics in the block: 0 for an inner scope */
export function planBlock(shape: ScopeShape, workers: number): BlockLayout {
  const missing = HEADER_WORDS + workers * STATISTICS_WORDS;
  const holds = missing + shape.instances;
  const output = holds + shape.instances;
  const elements = output + shape.instances;
  return { missing, holds, output, elements, words: elements + (shape.width < shape.count ? shape.count : 0) };
}
