import { LeastSquares } from "./least-squares.js";
import { LogCounts } from "./log-counts.js";
import type { TaskFacts } from "./policy.js";

/** What a run time is thought to depend on, in the order of the weights. */
export const featureNames = ["constant", "log2 inputBytes", "repeated", "log2 cpus", "log2 memory"] as const;
/** Observations before a kind is thought to be known. */
export const observationsMin = 8;
/** Share of what was seen before that counts beside each new observation. */
const keep = 0.999;
/** Combinations of `cpus` and `memory` that are told apart; what others add to the line of best fit is not learnt. */
const classesMax = 1_024;
/** A class is believed half as much as its own mean when it has been seen so often. */
const classDoubt = 5;
/** What was seen of a class before so many others fades. */
const classMemory = 64;
/** Whether a kind is known is asked again after so many observations. */
const observationsPerVerdict = 16;
/** Octaves. Run times that differ less than this are known without any model. */
const narrow = 0.5;
/** Recent errors may be so large beside the width of run times; where they are normal, going by their mean alone errs by 0.39 of it. */
const errorShareMax = 0.5;
/** Share of the newest error in what counts as recent. */
const errorWeight = 1 / 16;
const [lowShare, highShare] = [0.1, 0.9];

/** How tasks of exactly these reservations differ from the line of best fit, in octaves. */
interface Class {
  count: number;
  offset: number;
}

/** A kind as plain data: what people read, and what another thread or a later process learns from. */
export interface KindSnapshot {
  readonly kind: string;
  readonly count: number;
  /** Whether predictions go by it; if not, what the authors of tasks estimate does. */
  readonly isKnown: boolean;
  /** Of the run times, in ms. */
  readonly medianMs: number;
  /** 80 % of the run times that have been predicted were between so many times the prediction. */
  readonly errorFactors: readonly [low: number, high: number];
  /** In octaves of run time for each of the features. */
  readonly weights: Readonly<Record<string, number>>;
  readonly sums: readonly number[];
  readonly times: readonly (readonly [number, number])[];
  readonly errors: readonly (readonly [number, number])[];
  readonly classes: readonly (readonly [cpus: number, memory: number, count: number, offset: number])[];
}

/**
 * Run times of one kind of tasks. Their logarithms are fitted by a line over what is known before a start (see {@link featureNames}), and
 * tasks with exactly the same reservations have an offset of their own from it, which is believed the more the oftener it was seen.
 *
 * A guard of quantiles stands around it: the kind is not known while recent predictions were off by more than half of what the middle 80 %
 * of run times span, and no prediction lies further outside of these than they span.
 */
export class KindModel {
  readonly #line = new LeastSquares(featureNames.length);
  readonly #times = new LogCounts();
  readonly #errors = new LogCounts();
  readonly #classes = new Map<number, Map<number, Class>>();
  readonly #features = new Float64Array(featureNames.length);
  #classCount = 0;
  #count = 0;
  #isKnown = false;
  /** Of the recent predictions, in octaves, squared. */
  #squaredError = 0;
  #lowest = Number.NEGATIVE_INFINITY;
  #highest = Number.POSITIVE_INFINITY;

  /** Attempts that were observed. */
  get count(): number {
    return this.#count;
  }

  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** In ms; NaN when nothing was observed. */
  get medianMs(): number {
    return 2 ** this.#times.quantile(0.5);
  }

  /** In ms. @param inputBytes of the task, which costs to be asked for */
  predictMs(task: TaskFacts, inputBytes: number): number {
    return 2 ** this.#predict(task, this.#featuresOf(task, inputBytes));
  }

  /** @param ms above 0 */
  observe(task: TaskFacts, inputBytes: number, ms: number): void {
    const log = Math.log2(ms);
    const features = this.#featuresOf(task, inputBytes);
    if (this.#count >= observationsMin) {
      const error = log - this.#predict(task, features);
      this.#errors.add(error);
      this.#squaredError += (error * error - this.#squaredError) * errorWeight;
      this.#observeClass(task, log - this.#line.predict(features));
    }
    this.#line.add(features, log, keep);
    this.#times.add(log);
    this.#count += 1;
    if (this.#count <= 2 * observationsMin || this.#count % observationsPerVerdict === 0) this.#judge();
  }

  snapshot(kind: string): KindSnapshot {
    const weights = this.#line.weights();
    return {
      kind,
      count: this.#count,
      isKnown: this.#isKnown,
      medianMs: this.medianMs,
      errorFactors: [2 ** this.#errors.quantile(lowShare), 2 ** this.#errors.quantile(highShare)],
      weights: Object.fromEntries(featureNames.map((name, at) => [name, weights[at] as number])),
      sums: this.#line.sums(),
      times: this.#times.counts(),
      errors: this.#errors.counts(),
      classes: [...this.#classes].flatMap(([cpus, byMemory]) =>
        [...byMemory].map(([memory, { count, offset }]) => [cpus, memory, count, offset] as const),
      ),
    };
  }

  absorb({ count, sums, times, errors, classes }: KindSnapshot): void {
    this.#line.absorb(sums);
    this.#times.absorb(times);
    this.#errors.absorb(errors);
    this.#count += count;
    for (const [cpus, memory, seen, offset] of classes) {
      const own = this.#classOf(cpus, memory);
      if (own === undefined) continue;
      own.offset = (own.offset * own.count + offset * seen) / (own.count + seen);
      own.count += seen;
    }
    this.#judge();
  }

  /** Of the run time, as a logarithm. */
  #predict(task: TaskFacts, features: Float64Array): number {
    const own = this.#classes.get(task.cpus)?.get(task.memory ?? 0);
    const offset = own === undefined ? 0 : (own.offset * own.count) / (own.count + classDoubt);
    return Math.min(this.#highest, Math.max(this.#lowest, this.#line.predict(features) + offset));
  }

  #observeClass({ cpus, memory = 0 }: TaskFacts, offset: number): void {
    const own = this.#classOf(cpus, memory);
    if (own === undefined) return;
    own.count = Math.min(classMemory, own.count + 1);
    own.offset += (offset - own.offset) / own.count;
  }

  /** undefined: there are too many to tell this one apart. */
  #classOf(cpus: number, memory: number): Class | undefined {
    let byMemory = this.#classes.get(cpus);
    const known = byMemory?.get(memory);
    if (known !== undefined || this.#classCount >= classesMax) return known;
    if (byMemory === undefined) {
      byMemory = new Map();
      this.#classes.set(cpus, byMemory);
    }
    const made: Class = { count: 0, offset: 0 };
    byMemory.set(memory, made);
    this.#classCount += 1;
    return made;
  }

  #featuresOf({ attempt, cpus, memory }: TaskFacts, inputBytes: number): Float64Array {
    const features = this.#features; // of the newest question
    features[0] = 1;
    features[1] = Math.log2(inputBytes + 1);
    features[2] = attempt > 1 ? 1 : 0;
    features[3] = cpus > 0 ? Math.log2(cpus) : 0;
    features[4] = memory !== undefined && memory > 0 ? Math.log2(memory) : 0;
    return features;
  }

  #judge(): void {
    const [low, high] = [this.#times.quantile(lowShare), this.#times.quantile(highShare)];
    const width = high - low;
    const isNear = Math.sqrt(this.#squaredError) <= Math.max(narrow, width * errorShareMax);
    this.#isKnown = this.#count >= observationsMin && isNear;
    this.#lowest = low - Math.max(narrow, width);
    this.#highest = high + Math.max(narrow, width);
  }
}
