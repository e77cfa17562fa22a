import type { MicroSample } from "../harness/measurements/micro.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { familyNames } from "../micro/families.js";
import type { HopsSample } from "../micro/hops/hops.js";
import { renderHops, summariseHops } from "../micro/hops/hops-report.js";
import { renderOperations, summariseOperations } from "../micro/operations-report.js";
import type { Benchmark } from "./benchmark.js";
import { type LabelledUnit, measureUnits } from "./measure-units.js";

/** The parts of which a task is made, each alone: from the figures a floor of what a task costs can be computed. */
export const micro: Benchmark = {
  title: "what each part costs alone, and each hop between threads",
  async measure(options) {
    const units = [...familyNames.map((family) => familyUnit(family, options)), hopsUnit(options)];
    const { samples, note } = await measureUnits<object, MicroSample | HopsSample>("micro", units, options);
    const operations = summariseOperations(
      samples.flatMap((sample) => ("operations" in sample ? sample.operations : [])),
      options.seed,
    );
    const hops = summariseHops(samples.flatMap((sample) => ("hops" in sample ? sample.hops : [])));
    return { text: `${renderOperations(operations)}\n\n${renderHops(hops)}\n${note}`, samples, summary: { operations, hops }, plots: [] };
  },
};

function familyUnit(family: string, { isQuick }: MeasuringOptions): LabelledUnit<object> {
  const pace = isQuick ? { warmupMs: 1, measureMs: 1, readyTasksMax: 1_000 } : { warmupMs: 100, measureMs: 400, readyTasksMax: 1_000_000 };
  return { contender: "dataflower", workloads: [family], labels: {}, parameters: { measure: "micro", ...pace } };
}

function hopsUnit({ isQuick }: MeasuringOptions): LabelledUnit<object> {
  const counts = isQuick ? { spinning: 200, asleep: 20 } : { spinning: 20_000, asleep: 1_500 };
  return { contender: "dataflower", workloads: ["hops"], labels: {}, parameters: { measure: "thread-hops", ...counts } };
}
