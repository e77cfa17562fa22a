import type { Throughput } from "../../harness/closed-loop.js";
import { bootstrapMedian, type Estimate } from "../../harness/statistics.js";
import { graphOf } from "../../workloads/graphs.js";
import type { LabelledSample } from "../measure-units.js";
import type { Curve, CurveName } from "./curves.js";
import type { Labels } from "./units.js";

/** A curve as it was measured. */
export interface MeasuredCurve {
  readonly curve: CurveName;
  readonly lines: readonly MeasuredLine[];
}

export interface MeasuredLine {
  readonly contender: string;
  /** From left to right. */
  readonly points: readonly { readonly x: number; readonly y: Estimate }[];
}

export type Sample = LabelledSample<Labels, Throughput>;

/** One line a contender, in the order of the samples. */
export function summarise({ name, value }: Curve, samples: readonly Sample[], seed: number): MeasuredCurve {
  const ofCurve = samples.filter(({ curve }) => curve === name);
  const contenders = [...new Set(ofCurve.map(({ contender }) => contender))];
  const lines = contenders.map((contender) => {
    const values = new Map<number, number[]>();
    for (const sample of ofCurve) {
      if (sample.contender !== contender) continue;
      const x = sample.x ?? graphOf(sample.workload).size;
      values.set(x, [...(values.get(x) ?? []), value(sample)]);
    }
    const points = [...values].map(([x, ofPoint]) => ({ x, y: bootstrapMedian(ofPoint, seed) }));
    return { contender, points: points.sort((a, b) => a.x - b.x) };
  });
  return { curve: name, lines };
}
