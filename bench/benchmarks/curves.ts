import type { Throughput } from "../harness/closed-loop.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import type { Benchmark } from "./benchmark.js";
import { CURVES } from "./curves/curves.js";
import { plotOf, render } from "./curves/report.js";
import { summarise } from "./curves/summary.js";
import { type Labels, unitsOf } from "./curves/units.js";
import { measureUnits } from "./measure-units.js";

/** How throughput depends on the size of a run, on the runs in flight, and on the workers; beside the two fastest ways to do without DataFlower. */
export const curves: Benchmark = {
  title: "throughput by the size of a run, by the runs in flight, and by workers; sync handlers",
  async measure(options: MeasuringOptions) {
    const { samples, note } = await measureUnits<Labels, Throughput>("curves", unitsOf(options), options);
    const summary = CURVES.map((curve) => summarise(curve, samples, options.seed));
    const text = [...summary.map((curve) => render(curve, options.cores)), note].join("\n");
    return { text, samples, summary, plots: summary.map((curve) => plotOf(curve, options.cores)) };
  },
};
