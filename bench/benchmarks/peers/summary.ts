import type { Throughput } from "../../harness/closed-loop.js";
import type { WordCountSample } from "../../harness/measurements/word-count.js";
import { bootstrapMedian, type Estimate, median, ratio } from "../../harness/statistics.js";
import type { LabelledSample } from "../measure-units.js";
import type { Handlers, Labels } from "./units.js";

/** What the units print. */
export type Printed = Throughput | WordCountSample;

/** One contender at one workload. */
export interface Cell {
  readonly contender: string;
  readonly workload: string;
  readonly handlers: Handlers;
  readonly tasksPerSecond: Estimate;
  /** How many times as fast DataFlower is, round by round: below 1 it is slower. Absent where it is DataFlower itself. */
  readonly dataflowerRatio?: Estimate;
}

/** Every contender at every workload that it was measured at, in the order of the samples. */
export function summarise(samples: readonly LabelledSample<Labels, Printed>[], seed: number): Cell[] {
  const rates = new Map<string, number[]>();
  for (const sample of samples) {
    const key = keyOf(sample);
    rates.set(key, [...(rates.get(key) ?? []), tasksPerSecond(sample)]);
  }
  const first = samples.filter((sample, index) => samples.findIndex((other) => keyOf(other) === keyOf(sample)) === index);
  return first.map(({ contender, workload, handlers }) => {
    const theirs = rates.get(keyOf({ contender, workload, handlers }))!;
    const ours = rates.get(keyOf({ contender: "dataflower", workload, handlers }));
    return {
      contender,
      workload,
      handlers,
      tasksPerSecond: bootstrapMedian(theirs, seed),
      ...(contender === "dataflower" || ours === undefined ? {} : { dataflowerRatio: ratio(ours, theirs, seed) }),
    };
  });
}

const keyOf = ({ contender, workload, handlers }: Pick<Cell, "contender" | "workload" | "handlers">) =>
  `${contender} ${workload} ${handlers}`;

/** Of word count: a task a file, and one that merges. */
function tasksPerSecond(sample: Printed): number {
  return "tasksPerSecond" in sample ? sample.tasksPerSecond : ((sample.fileCount + 1) / median(sample.makespansMs)) * 1000;
}
