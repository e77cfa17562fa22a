import type { Throughput } from "../../harness/closed-loop.js";
import { bootstrapMedian, type Estimate } from "../../harness/statistics.js";
import type { LabelledSample } from "../measure-units.js";
import type { Labels } from "./units.js";

/** One row at one workload, with so many runs in flight. */
export interface Cell extends Labels {
  readonly workload: string;
  readonly tasksPerSecond: Estimate;
}

/** Every cell that was measured, in the order of the samples: medians of the rounds. */
export function summarise(samples: readonly LabelledSample<Labels, Throughput>[], seed: number): Cell[] {
  const cells = new Map<string, { readonly row: string; readonly workload: string; readonly inFlight: number; readonly rates: number[] }>();
  for (const { row, workload, inFlight, tasksPerSecond } of samples) {
    const key = `${row} ${workload} ${inFlight}`;
    const cell = cells.get(key) ?? { row, workload, inFlight, rates: [] };
    cell.rates.push(tasksPerSecond);
    cells.set(key, cell);
  }
  return [...cells.values()].map(({ rates, ...cell }) => ({ ...cell, tasksPerSecond: bootstrapMedian(rates, seed) }));
}
