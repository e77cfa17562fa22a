/**
 * Tasks of which some never end in their first attempt: they hold their thread in an endless loop, or wait for what never comes. Coins decide
 * which. What hangs leaves a note of when it began, in a file, as nothing else gets out.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ref, type TaskContext, workflow } from "dataflower";
import { monotonicMs } from "../harness/clock.js";
import { falls } from "./coins.js";

/** Of an attempt. */
export const HANG_TIMEOUT_MS = 100;
export const HANGING_TASKS = 4;

export interface HangInput {
  readonly kind: "none" | "loop" | "wait";
  readonly seed: number;
  /** Share of tasks that hang. */
  readonly share: number;
  /** Where the notes are. */
  readonly folder: string;
  readonly value: number;
}

/** What one task gives; `noticedMs` is there when its first attempt hung: from its time-out to the beginning of the next attempt. */
export interface HangOutput {
  readonly value: number;
  readonly noticedMs?: number;
}

const nameOf = (index: number) => `part-${index}`;

/** The tasks of this run whose first attempts never end. */
export function hangingTasks({ kind, seed, share }: Pick<HangInput, "kind" | "seed" | "share">, runId: string): number[] {
  if (kind === "none") return [];
  return [...Array(HANGING_TASKS).keys()].filter((index) => falls({ seed, failureShare: share }, runId, nameOf(index), 1));
}

export const maybeHanging = workflow(
  {
    name: "maybe-hanging",
    module: import.meta.url,
    defaults: { timeout: HANG_TIMEOUT_MS, retry: { attempts: 3, delay: 0, jitter: false } },
  },
  (flow, input: Ref<HangInput>) => {
    const parts = Array.from({ length: HANGING_TASKS }, (_, index) => flow.task(part, { input, index }, { name: nameOf(index) }));
    return flow.task(gather, parts);
  },
);

function part({ input, index }: { input: HangInput; index: number }, { runId }: TaskContext): HangOutput | Promise<HangOutput> {
  const nowMs = monotonicMs();
  const value = input.value + index;
  if (!hangingTasks(input, runId).includes(index)) return { value };
  const note = join(input.folder, `${runId}-${index}`);
  if (existsSync(note)) return { value, noticedMs: nowMs - Number(readFileSync(note, "utf8")) - HANG_TIMEOUT_MS };
  writeFileSync(note, String(nowMs));
  if (input.kind === "wait") return new Promise(() => {});
  for (;;);
}

function gather(parts: readonly HangOutput[]): readonly HangOutput[] {
  return parts;
}

/** Throws unless a run gave what it must, and those of its tasks hung that must. @returns when each of these was noticed, in ms */
export function checkHanging(input: HangInput, runId: string, parts: readonly HangOutput[]): number[] {
  const hanging = hangingTasks(input, runId);
  const noticed = parts.flatMap(({ noticedMs }) => noticedMs ?? []);
  const isRight =
    parts.length === HANGING_TASKS &&
    parts.every(({ value, noticedMs }, index) => value === input.value + index && (noticedMs !== undefined) === hanging.includes(index));
  if (isRight) return noticed;
  throw new Error(
    `Cannot count run ${runId} as its tasks ${hanging.join()} must hang once, and all give their values: found ${JSON.stringify(parts)}`,
  );
}
