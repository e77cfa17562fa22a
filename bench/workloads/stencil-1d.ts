import { runKernel } from "./kernel.js";

/**
 *   column   0   1   2  …  W-1
 *   step 0   ○   ○   ○      ○
 *            │ ╲╱│ ╲╱│ ╲   │
 *            │ ╱╲│ ╱╲│ ╱   │       (t, p) reads (t-1, q) for q from max(0, p-1) to min(W-1, p+1)
 *   step 1   ○   ○   ○      ○
 *            …
 *
 * The pattern `stencil_1d` of Task Bench. Every task runs the kernel, gives its own place and refuses inputs that are not those of its place.
 */

/** Where a task stands, and what it gives. */
export interface Point {
  readonly step: number;
  readonly column: number;
}

/** What a task is given. */
export interface PointTask extends Point {
  /** Columns of the stencil. */
  readonly width: number;
  readonly kernelRepeats: number;
  /** Outputs of the step before, from left to right; empty in step 0. */
  readonly inputs: readonly Point[];
}

/** Rows that depend on each other: as many as METG is defined for. */
export const STEPS = 1_000;

/** Columns of the step before that a column reads. */
export function columnsAbove(column: number, width: number): readonly number[] {
  return [column - 1, column, column + 1].filter((above) => above >= 0 && above < width);
}

/** The body of every task. */
export function computePoint(task: PointTask): Point {
  requireInputs(task);
  if (!(runKernel(task.kernelRepeats) < 0)) throw new Error("Cannot count this task as its kernel must give a number below 0");
  return { step: task.step, column: task.column };
}

/** Written without lists: it is part of what a task costs. */
function requireInputs({ step, column, width, inputs }: PointTask): void {
  const first = Math.max(0, column - 1);
  let isRight = inputs.length === (step === 0 ? 0 : Math.min(width - 1, column + 1) - first + 1);
  for (let at = 0; isRight && at < inputs.length; at++) isRight = inputs[at]!.step === step - 1 && inputs[at]!.column === first + at;
  if (!isRight) throw new Error(`Cannot count task (${step}, ${column}) as its inputs are wrong: ${JSON.stringify(inputs)}`);
}

/** Throws unless these are the outputs of the last step, from left to right. */
export function checkLastStep(answer: readonly Point[], width: number): void {
  const isRight = answer.length === width && answer.every(({ step, column }, at) => step === STEPS - 1 && column === at);
  if (!isRight) throw new Error(`Cannot count this run as its answer is wrong: ${JSON.stringify(answer)}`);
}
