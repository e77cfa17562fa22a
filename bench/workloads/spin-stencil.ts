import { performance } from "node:perf_hooks";
import { threadId } from "node:worker_threads";
import { stencil } from "./stencil.js";

/** A stencil whose tasks are real work: wide enough for both workers at any moment, each task long enough that sharing it pays. */
export const spinStencil = stencil(320, 16);
export const SPIN_MS = 1;

/** What a spin task gives: which thread ran it, and a number that depends on all tasks before it. */
export interface Spun {
  readonly thread: number;
  /** Tasks on the longest way here, this one included: the row it stands in. */
  readonly depth: number;
}

/** Keeps its thread busy for SPIN_MS. */
export function spin(inputs: readonly { readonly depth: number }[]): Spun {
  const endMs = performance.now() + SPIN_MS;
  while (performance.now() < endMs);
  return { thread: threadId, depth: 1 + Math.max(0, ...inputs.map(({ depth }) => depth)) };
}

/** Throws unless every task ran and saw all that was above it. */
export function checkSpun(answer: readonly Spun[]): void {
  const isRight = answer.length === spinStencil.size && answer.every(({ depth }, task) => depth === Math.floor(task / 16) + 1);
  if (!isRight) throw new Error(`Cannot count this run as its answer is wrong: ${JSON.stringify(answer)}`);
}
