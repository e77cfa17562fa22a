/** Work in steps that can be told apart: each leaves a line in a ledger when it is done, and the process can be made to die before one. */
import { appendFileSync, readFileSync } from "node:fs";
import { monotonicMs } from "../harness/clock.js";
import { runKernel } from "./kernel.js";

export interface Steps {
  /** File of the ledger. */
  readonly ledger: string;
  /** In all. */
  readonly steps: number;
  /** Repeats of the compute kernel in each step. */
  readonly kernel: number;
}

/** Set to the step before which the process is to die by SIGKILL. */
export const DIES_BEFORE = "DF_BENCH_DIES_BEFORE";

/** Value after a step, which depends on all before. */
export function nextValue(value: number, step: number): number {
  return (Math.imul(value, 31) + step) | 0;
}

/** Value after all steps, found without the work. */
export function valueAfter(steps: number): number {
  return [...Array(steps).keys()].reduce(nextValue, 1);
}

/** Performs the steps [first, end). */
export function performSteps({ ledger, kernel }: Steps, first: number, end: number, value: number): number {
  let after = value;
  for (let step = first; step < end; step++) {
    const fromMs = monotonicMs();
    if (process.env[DIES_BEFORE] === String(step)) {
      appendFileSync(ledger, `${JSON.stringify({ pid: process.pid, step, fromMs, died: true })}\n`);
      process.kill(process.pid, "SIGKILL");
    }
    runKernel(kernel);
    after = nextValue(after, step);
    appendFileSync(ledger, `${JSON.stringify({ pid: process.pid, step, fromMs, toMs: monotonicMs() })}\n`);
  }
  return after;
}

/** A line of the ledger: a step that is done, or the death before it. */
export interface LedgerLine {
  readonly pid: number;
  readonly step: number;
  readonly fromMs: number;
  readonly toMs?: number;
  readonly died?: true;
}

export interface LedgerFacts {
  readonly diedMs: number;
  /** Steps that were done more than once, each time but the first. */
  readonly repeated: number;
  /** What those took that were done before the death and again after it. */
  readonly lostMs: number;
}

export function readLedger(file: string): LedgerLine[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as LedgerLine); // as: performSteps has written it
}

/** Throws unless there is one death, before the step that it was to be, and every step was done. */
export function factsOf(lines: readonly LedgerLine[], steps: number, diesBefore: number): LedgerFacts {
  const deaths = lines.filter(({ died }) => died);
  const done = lines.filter(({ died }) => !died);
  const missing = [...Array(steps).keys()].filter((step) => !done.some((line) => line.step === step));
  if (deaths.length !== 1 || deaths[0]?.step !== diesBefore || missing.length > 0) {
    const found = `${deaths.length} deaths, before step ${deaths[0]?.step}, without the steps ${missing.join()}`;
    throw new Error(`Cannot count this as the process must die once, before step ${diesBefore}, and all ${steps} steps be done: ${found}`);
  }
  const [death] = deaths;
  const before = done.filter(({ pid }) => pid === death.pid);
  const after = new Set(done.filter(({ pid }) => pid !== death.pid).map(({ step }) => step));
  const lostMs = before.filter(({ step }) => after.has(step)).reduce((sum, { fromMs, toMs = fromMs }) => sum + toMs - fromMs, 0);
  return { diedMs: death.fromMs, repeated: done.length - steps, lostMs };
}
