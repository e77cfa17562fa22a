import { KindModel, type KindSnapshot, observationsMin } from "./kind-model.js";
import type { Learner } from "./learner.js";
import { LogCounts } from "./log-counts.js";
import type { Schedulable, TaskFacts } from "./policy.js";

/** Kinds that are told apart; further ones share a model. */
const kindsMax = 64;
const otherKinds = "(others)";
/** Run times below this are taken for it, in ms: clocks tell no less. */
const msMin = 1e-3;

export interface RunTimeSnapshot {
  readonly kinds: readonly KindSnapshot[];
}

/**
 * What is known of the run times of tasks, by their category. It learns from each attempt that returned, says when it does not know, and
 * then goes by what the authors of tasks estimate, or else by the median of all that was seen.
 */
export class RunTimeModel implements Learner {
  readonly #kinds = new Map<string, KindModel>();
  readonly #all = new LogCounts();
  #count = 0;
  #milestone = 0;

  /** Grows when so much has been learnt that tasks which wait should be ranked again: with each doubling. */
  get milestone(): number {
    return this.#milestone;
  }

  /** Expected run time in ms; undefined when nobody knows anything. @param inputBytes of the task, asked for once */
  expectedMs(task: TaskFacts, inputBytes: number): number | undefined {
    const kind = this.#kinds.get(task.category);
    if (kind?.isKnown) return kind.predictMs(task, inputBytes);
    if (isTime(task.estimate)) return task.estimate;
    if (kind !== undefined && kind.count >= observationsMin) return kind.medianMs;
    return this.#all.total === 0 ? undefined : 2 ** this.#all.quantile(0.5);
  }

  /** @param serviceMs of an attempt that returned; what is no time is passed over */
  observe(task: Schedulable, serviceMs: number): void {
    if (!isTime(serviceMs) || !(task.note >= 0)) return;
    const ms = Math.max(serviceMs, msMin);
    this.#all.add(Math.log2(ms));
    this.#kindOf(task.category).observe(task, task.note, ms);
    this.#count += 1;
    this.#setMilestone();
  }

  snapshot(): RunTimeSnapshot {
    return { kinds: [...this.#kinds].map(([name, kind]) => kind.snapshot(name)) };
  }

  absorb(snapshot: unknown): void {
    const { kinds } = snapshot as RunTimeSnapshot; // learners are told apart by their names
    for (const kind of kinds) {
      this.#kindOf(kind.kind).absorb(kind);
      this.#all.absorb(kind.times);
      this.#count += kind.count;
    }
    this.#setMilestone();
  }

  #setMilestone(): void {
    this.#milestone = this.#count < observationsMin ? 0 : Math.floor(Math.log2(this.#count));
  }

  #kindOf(category: string): KindModel {
    const known = this.#kinds.get(category);
    if (known !== undefined) return known;
    if (this.#kinds.size >= kindsMax && category !== otherKinds) return this.#kindOf(otherKinds);
    const made = new KindModel();
    this.#kinds.set(category, made);
    return made;
  }
}

const isTime = (ms: number | undefined): ms is number => ms !== undefined && ms >= 0 && ms < Number.POSITIVE_INFINITY;
