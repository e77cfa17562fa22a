import { builtIn } from "./definition.js";
import { LateLog } from "./late-log.js";
import type { Policy, PolicyTools, Schedulable, TaskFacts } from "./policy.js";
import { Ranked } from "./ranked.js";

/** What a policy of deadlines does with tasks that are too late. */
export type WhenLate = "put-behind" | "shed";

/**
 * Least slack first: the task that has to start earliest if its run is to end in time, by the longest path that is left of it (M. L. Dertouzos
 * and A. K. Mok, "Multiprocessor on-line scheduling of hard-real-time tasks", 1989). Tasks whose runs have no deadline follow, in FIFO order.
 *
 *              slack is gone, seen when it would be taken
 *   IN TIME ───────────────────────────────────────────────▶ LATE
 *
 * Least slack alone breaks down under overload: each task is started when it is just too late, and makes the next one late. So tasks that
 * cannot make it any more go behind all others, shortest first, or are shed: they end without being started.
 */
export class Deadline<Task extends Schedulable> implements Policy<Task> {
  readonly name: string;
  readonly #sheds: boolean;
  readonly #tools: PolicyTools;
  readonly #log: LateLog;
  readonly #inTime: Ranked<Task> = new Ranked("in time", { rank: latestStartMs });
  readonly #late: Ranked<Task> = new Ranked("late", { rank: (task) => task.remainingPath });

  constructor(name: string, whenLate: WhenLate, tools: PolicyTools) {
    this.name = name;
    this.#sheds = whenLate === "shed";
    this.#tools = tools;
    this.#log = tools.learners?.of(name, () => new LateLog()) ?? new LateLog();
  }

  get size(): number {
    return this.#inTime.size + this.#late.size;
  }

  insert(task: Task, now: number): void {
    this.#inTime.insert(task, now);
  }

  take(now: number): Task | undefined {
    for (let first = this.#inTime.first; first !== undefined; first = this.#inTime.first) {
      const lateMs = now - latestStartMs(first);
      if (!(lateMs > 0)) break;
      this.#inTime.passFirstTo(this.#late, now);
      this.#log.add(first, now, lateMs);
      if (this.#sheds) this.#tools.shed?.(first, lateMs);
    }
    if (this.#sheds && this.#late.size > 0) return this.#late.take(); // to be rid of them takes no time
    return this.#inTime.take() ?? this.#late.take();
  }

  remove(task: Task): boolean {
    return this.#inTime.remove(task) || this.#late.remove(task);
  }

  reprioritise(task: Task, now: number): boolean {
    if (this.#inTime.reprioritise(task, now)) return true;
    if (!this.#late.remove(task)) return false;
    this.#inTime.insert(task, now);
    return true;
  }
}

/** When it has to start at the latest, in ms; Infinity: whenever it likes. */
function latestStartMs({ deadline, remainingPath }: TaskFacts): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - remainingPath;
}

/** See Deadline. */
export const deadline = builtIn("deadline", {
  create: <Task extends Schedulable>(tools: PolicyTools) => new Deadline<Task>("deadline", "put-behind", tools),
});

/** The same, but what is late is not started any more. */
export const deadlineShed = builtIn("deadline-shed", {
  create: <Task extends Schedulable>(tools: PolicyTools) => new Deadline<Task>("deadline-shed", "shed", tools),
});
