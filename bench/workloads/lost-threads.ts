/** Tasks that cost the thread they run on: they never let go of it, end it or fill its heap. They note the time in a file, as nothing else gets out. */

import { writeFileSync } from "node:fs";
import { type Ref, type TaskContext, workflow } from "dataflower";
import { monotonicMs } from "../harness/clock.js";

export const LOOP_TIMEOUT_MS = 300;

function loop(file: string): number {
  writeFileSync(file, String(monotonicMs()));
  for (;;);
}

/** One task that loops for ever; the file holds when it began. */
export const looping = workflow({ name: "looping", module: import.meta.url }, (flow, file: Ref<string>) =>
  flow.task(loop, file, { retry: 1, timeout: LOOP_TIMEOUT_MS }),
);

function exitOnce(file: string, { attempt }: TaskContext): number {
  const nowMs = monotonicMs();
  if (attempt > 1) return nowMs;
  writeFileSync(file, String(nowMs));
  process.exit(1);
}

/** One task that ends its thread in its first attempt and gives the time of its second one; the file holds when the thread was ended. */
export const exiting = workflow({ name: "exiting", module: import.meta.url }, (flow, file: Ref<string>) =>
  flow.task(exitOnce, file, { retry: { attempts: 2, delay: 0 } }),
);

const CHUNK_NUMBERS = 100_000;

function fillHeapOnce(file: string, { attempt }: TaskContext): number {
  const nowMs = monotonicMs();
  if (attempt > 1) return nowMs;
  writeFileSync(file, String(nowMs));
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: CHUNK_NUMBERS }, (_, index) => index + kept.length + 0.5));
}

/** One task that fills the heap of its thread in its first attempt and gives the time of its second one; the file holds when it began to. */
export const exhausting = workflow({ name: "exhausting", module: import.meta.url }, (flow, file: Ref<string>) =>
  flow.task(fillHeapOnce, file, { retry: { attempts: 2, delay: 0 } }),
);

async function exitLater(): Promise<never> {
  await new Promise(setImmediate);
  process.exit(1);
}

/** One task that ends its thread every time, from behind an `await`: no attempt can be charged with it, so all runs of the thread are suspects. */
export const poisoned = workflow({ name: "poisoned", module: import.meta.url }, (flow, input: Ref<string>) =>
  flow.task(exitLater, input, { retry: 1 }),
);
