/**
 * Bodies of replayed tasks: the handlers of every workflow that is read from a trace. Workers import this module.
 */

import { after, nowMs } from "../../observe/system-clock.js";
import type { TaskContext } from "../task-context.js";
import { taskHash } from "./task-hash.js";

/** What a replayed task is given. */
export interface ReplayedInput {
  readonly id: string;
  /** What its parents passed on. */
  readonly parents: readonly string[];
  /** How long it takes. */
  readonly ms: number;
}

/** Where workers find the bodies. */
export const bodiesModule = import.meta.url;

/** Takes no time. */
export const none = ({ id, parents }: ReplayedInput): string => taskHash(id, parents);

/** Waits as long as the task took, and leaves its thread to others. */
export async function timer({ id, parents, ms }: ReplayedInput, { signal }: TaskContext): Promise<string> {
  for (let leftMs = ms; leftMs > 0; leftMs -= timerMsMax) await wait(Math.min(leftMs, timerMsMax), signal);
  return taskHash(id, parents);
}

/** Keeps its thread busy for as long as the task took; what it computes counts towards that. */
export function spin({ id, parents, ms }: ReplayedInput): string {
  const endMs = nowMs() + ms;
  const passedOn = taskHash(id, parents);
  while (nowMs() < endMs) compute();
  return passedOn;
}

/** About a microsecond of it between two looks at the clock: a look allocates, and collecting that would take the cores of others. */
const stepsPerLook = 1000;
let state = 1;

/** A linear congruential generator: each step needs the one before, so nothing is optimised away. */
function compute(): void {
  for (let step = 0; step < stepsPerLook; step++) state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
}

/** A longer timer of the language would fire at once. */
const timerMsMax = 2 ** 31 - 1;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const giveUp = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = after(ms, () => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    });
    signal.addEventListener("abort", giveUp, { once: true });
  });
}
