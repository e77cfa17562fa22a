/**
 * Tasks that fail by chance alone: every attempt tosses a coin, and run, task and attempt decide how it falls. So attempts are independent
 * of each other, and the same seed gives the same failures in whatever order and on whatever thread they are made.
 *
 *           ┌─▶ coin-0 ───┐
 *     input ┼─▶ coin-1 ───┼─▶ gather
 *           └─▶ coin-N-1 ─┘
 */

/** Input of a run. */
export interface Toss {
  readonly seed: number;
  /** Share of attempts that fail. */
  readonly failureShare: number;
}

/** What is known of a run before it starts. */
export interface CoinsRun extends Toss {
  readonly runId: string;
  readonly tasks: number;
  /** Attempts that a task has, in all. */
  readonly attempts: number;
}

/** How a run must end: with the attempt in which each task succeeds, or failed by one of the tasks that have no such attempt. */
export type Fate =
  | { readonly kind: "completes"; readonly succeededIn: readonly number[] }
  | { readonly kind: "fails"; readonly tasks: readonly string[] };

export const coinName = (index: number): string => `coin-${index}`;

/** Whether this attempt fails. */
export function falls({ seed, failureShare }: Toss, runId: string, taskId: string, attempt: number): boolean {
  return hash(`${seed} ${runId} ${taskId} ${attempt}`) < failureShare * 2 ** 32;
}

export function fateOf(run: CoinsRun): Fate {
  const succeededIn: number[] = [];
  const tasks: string[] = [];
  for (let index = 0; index < run.tasks; index++) {
    let attempt = 1;
    while (attempt <= run.attempts && falls(run, run.runId, coinName(index), attempt)) attempt++;
    if (attempt > run.attempts) tasks.push(coinName(index));
    else succeededIn.push(attempt);
  }
  return tasks.length > 0 ? { kind: "fails", tasks } : { kind: "completes", succeededIn };
}

/** Share of runs that complete: each of N tasks has an attempt that does not fail. */
export function closedForm({ tasks, attempts, failureShare }: Pick<CoinsRun, "tasks" | "attempts" | "failureShare">): number {
  return (1 - failureShare ** attempts) ** tasks;
}

/** 32 bits of a text: FNV-1a, and the finalizer of MurmurHash3, as texts that end alike would share their upper bits. */
function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
