import type { MeasuringOptions } from "../harness/measuring-options.js";
import type { Benchmark } from "./benchmark.js";
import { measureUnits } from "./measure-units.js";
import { plotsOf, render } from "./peers/report.js";
import { type Printed, summarise } from "./peers/summary.js";
import { type Labels, unitsOf } from "./peers/units.js";

/** DataFlower beside everything else one could use: six shapes of graphs with handlers of both kinds, and word count. */
export const peers: Benchmark = {
  title: "tasks/s of DataFlower and of what else one could use, by the shape of the graph, and in word count",
  async measure(options: MeasuringOptions) {
    const { samples, note } = await measureUnits<Labels, Printed>("peers", unitsOf(options), options);
    const summary = summarise(samples, options.seed);
    return { text: `${render(summary, options.cores)}\n${note}`, samples, summary, plots: plotsOf(summary, options.cores) };
  },
};
