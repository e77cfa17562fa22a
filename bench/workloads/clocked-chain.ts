import { monotonicMs } from "../harness/clock.js";
import { chain } from "./chain.js";
import { type Output, step, type TaskGraph } from "./task-graph.js";

/** What a clocked task passes on besides: when it ended, and how long it and all before it had waited for the one before. */
export interface ClockedOutput extends Output {
  readonly endedAt: number;
  readonly waitsMs: readonly number[];
}

/** A chain of tasks each of which tells how long it was not started although it could have been, whatever process executes it. */
export function clockedChain(size: number): TaskGraph {
  return { ...chain(size), name: `clocked-chain-${size}`, body: clockedStep };
}

function clockedStep(inputs: readonly (Output | ClockedOutput)[]): ClockedOutput {
  const startedAt = monotonicMs();
  const [before] = inputs;
  const waitsMs = before !== undefined && "endedAt" in before ? [...before.waitsMs, startedAt - before.endedAt] : [];
  return { ...step(inputs), waitsMs, endedAt: monotonicMs() };
}

/** Throws unless every task but the first has told. */
export function waitsOf({ size }: TaskGraph, [last]: readonly Output[]): readonly number[] {
  const { waitsMs } = last as ClockedOutput; // as: it is what the last task gave
  if (waitsMs.length === size - 1 && waitsMs.every((waitMs) => waitMs >= 0)) return waitsMs;
  throw new Error(`Cannot count this run as each task must tell how long it waited: ${JSON.stringify(waitsMs)}`);
}
