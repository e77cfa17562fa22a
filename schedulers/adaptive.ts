import { Bandit, deadlinesBit, estimatesBit, type Situation, type Switch, type Used } from "./bandit.js";
import { criticalPath } from "./critical-path.js";
import { Deadline } from "./deadline.js";
import { builtIn } from "./definition.js";
import { Fifo } from "./fifo.js";
import type { Observation, Policy, PolicyTools, Schedulable } from "./policy.js";
import { Ranked, type TaskOrder } from "./ranked.js";
import { sjf } from "./sjf.js";

/** While at most so many tasks wait there is next to nothing to choose. */
const littleWaits = 1;
/** From so many on there is. */
const muchWaits = 3;
/** Starts that are judged together. */
const windowStarts = 64;
/** Run times and estimates below this are taken for it, in ms. */
const msMin = 1e-3;
/** Share of a new run time in the moving averages. */
const weight = 1 / 32;
/** Octaves by which run times differ, as a standard deviation, beyond which they differ much. */
const spreadMin = 0.5;
/** Estimates tell run times apart when their errors differ by less than so many times what run times do, as variances. */
const errorShareMax = 0.5;

/**
 * Chooses among other policies by what it sees, and moves what waits from one to the other:
 *
 * - while little waits, FIFO: there is nothing to choose, and it costs least
 * - where all that waits is of one run, the critical path: what counts is when the run ends
 * - else whichever of FIFO, SJF and Deadline has served best in this situation (see Bandit): whether run times differ much and estimates
 *   tell by how much, whether most tasks have deadlines. A start is worth 1 if its deadline can be kept; without one, its run time divided by that and its wait.
 *
 * All but the first is looked at after every {@link windowStarts} starts, or a quarter of what waits, so that moving costs little.
 */
export class Adaptive<Task extends Schedulable> implements Policy<Task> {
  readonly name = "adaptive";
  readonly #tools: PolicyTools;
  readonly #bandit: Bandit;
  #used: Used = "fifo";
  #policy: Policy<Task> = new Fifo<Task>();
  /** Waiting tasks by run. */
  readonly #runs = new Map<number, number>();
  #withDeadline = 0;
  #meanMs = Number.NaN;
  /** Of run times, and of what they are beside their estimates, in octaves. */
  readonly #spread = new Spread();
  readonly #error = new Spread();
  #situation: Situation = 0;
  #starts = 0;
  /** Of the starts with which there was something to choose. */
  #judged = 0;
  #rewards = 0;

  constructor(tools: PolicyTools) {
    this.#tools = { random: tools.random };
    this.#bandit = tools.learners?.of(this.name, () => new Bandit()) ?? new Bandit();
  }

  get size(): number {
    return this.#policy.size;
  }

  /** The policy that it goes by at the moment. */
  get used(): Used {
    return this.#used;
  }

  insert(task: Task, now: number): void {
    this.#enter(task);
    this.#policy.insert(task, now);
    if (this.#policy.size === muchWaits && this.#used === "fifo") this.#endWindow(now, "much waits");
  }

  take(now: number): Task | undefined {
    const task = this.#policy.take(now);
    if (task === undefined) return undefined;
    this.#leave(task);
    this.#starts += 1;
    if (this.#policy.size <= littleWaits) {
      if (this.#used !== "fifo") this.#goTo("fifo", now, "little waits");
      return task;
    }
    this.#judged += 1;
    this.#rewards += this.#worth(task, now);
    if (this.#starts >= Math.max(windowStarts, this.#policy.size / 4)) this.#endWindow(now, "reward");
    return task;
  }

  remove(task: Task): boolean {
    if (!this.#policy.remove(task)) return false;
    this.#leave(task);
    return true;
  }

  reprioritise(task: Task, now: number): boolean {
    if (!this.#policy.reprioritise(task, now)) return false;
    this.#leave(task);
    this.#enter(task);
    return true;
  }

  observe({ estimate }: Task, { serviceMs, isOk }: Observation): void {
    if (!isOk || !(serviceMs >= 0)) return;
    const log = Math.log2(Math.max(serviceMs, msMin));
    this.#meanMs = Number.isNaN(this.#meanMs) ? serviceMs : this.#meanMs + (serviceMs - this.#meanMs) * weight;
    this.#spread.add(log);
    this.#error.add(estimate === undefined ? log : log - Math.log2(Math.max(estimate, msMin)));
  }

  /** What is counted of a task is noted, as its facts may change while it waits. */
  #enter(task: Task): void {
    const { order, deadline } = task;
    task.note = order * 2 + (deadline === undefined ? 0 : 1);
    this.#runs.set(order, (this.#runs.get(order) ?? 0) + 1);
    if (deadline !== undefined) this.#withDeadline += 1;
  }

  #leave({ note }: Task): void {
    const order = Math.floor(note / 2);
    const count = (this.#runs.get(order) as number) - 1; // it was counted when it entered
    if (count === 0) this.#runs.delete(order);
    else this.#runs.set(order, count);
    if (note % 2 === 1) this.#withDeadline -= 1;
  }

  /** What a start now is worth, from 0 to 1. */
  #worth({ estimate, deadline, readyAt, remainingPath }: Task, now: number): number {
    if (deadline !== undefined) return now + remainingPath <= deadline ? 1 : 0;
    const expectedMs = Math.max(estimate ?? this.#meanMs, msMin);
    return Number.isNaN(expectedMs) ? 1 : expectedMs / (expectedMs + Math.max(0, now - readyAt));
  }

  #endWindow(now: number, why: Switch["why"]): void {
    if (this.#used !== "critical-path" && this.#judged >= windowStarts / 2) {
      this.#bandit.reward(this.#situation, this.#used, this.#rewards / this.#judged);
    }
    this.#settle();
    const isOneRun = this.#runs.size === 1;
    this.#situation = this.#situationNow();
    const next: Used = isOneRun ? "critical-path" : this.#bandit.best(this.#situation);
    if (next === this.#used) return;
    this.#goTo(next, now, isOneRun ? "one run" : this.#used === "critical-path" ? "several runs" : why);
  }

  /** Ends what is judged together. */
  #settle(): void {
    this.#bandit.started(this.#used, this.#starts);
    this.#starts = 0;
    this.#judged = 0;
    this.#rewards = 0;
  }

  #situationNow(): Situation {
    const { variance } = this.#spread;
    const tell = variance > spreadMin ** 2 && this.#error.variance < variance * errorShareMax ? estimatesBit : 0;
    const have = this.#withDeadline * 2 > this.#policy.size ? deadlinesBit : 0;
    return (tell | have) as Situation; // of two bits
  }

  #goTo(next: Used, now: number, why: Switch["why"]): void {
    this.#settle();
    const left = this.#policy;
    this.#bandit.switched({ atMs: now, from: this.#used, to: next, waiting: left.size, why });
    this.#used = next;
    this.#policy = this.#make(next);
    for (let task = left.take(now); task !== undefined; task = left.take(now)) this.#policy.insert(task, now);
  }

  #make(used: Used): Policy<Task> {
    if (used === "fifo") return new Fifo<Task>();
    if (used === "deadline") return new Deadline<Task>(used, "put-behind", this.#tools);
    return new Ranked<Task>(used, orderOf(used === "sjf" ? sjf : criticalPath));
  }
}

/** How far values lie from each other, newer ones counting more. */
class Spread {
  variance = 0;
  #mean = Number.NaN;

  add(value: number): void {
    if (Number.isNaN(this.#mean)) this.#mean = value;
    const off = value - this.#mean;
    this.#mean += off * weight;
    this.variance += (off * off - this.variance) * weight;
  }
}

const orderOf = ({ order }: typeof sjf): TaskOrder => order as TaskOrder; // both go by ranks

export const adaptive = builtIn("adaptive", { create: <Task extends Schedulable>(tools: PolicyTools) => new Adaptive<Task>(tools) });
