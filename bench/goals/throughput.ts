import { type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import type { ThroughputParameters } from "../harness/measurements/throughput.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { fullPace, quickPace } from "../harness/pace.js";
import type { Findings } from "./measurement.js";
import { Figures, keyOf, ONE_TASK, POOLS, STENCIL, TEN_TASKS, throughputFindings } from "./throughput-findings.js";

/** Runs, and messages of the echo, in flight at any moment: the same for all. */
const IN_FLIGHT = 64;

/** The goals of small tasks and small runs, measured in interleaved rounds beside what they are compared with. */
export async function measureThroughputGoals(options: MeasuringOptions): Promise<Findings> {
  const { samples, note } = await measureKeyedUnits<Record<string, unknown>>("throughput goals", unitsOf(options), options);
  return { samples, findings: throughputFindings(new Figures(samples), options), note };
}

function unitsOf({ cores, isQuick }: MeasuringOptions): KeyedUnit[] {
  const pace = isQuick ? quickPace : fullPace;
  const unit = (contender: string, workload: string, handlers: "sync" | "async" = "sync"): KeyedUnit => {
    const parameters: ThroughputParameters = { measure: "throughput", threads: cores, handlers, inFlight: IN_FLIGHT, ...pace };
    return { key: keyOf(contender, workload, handlers), contender, workloads: [workload], parameters };
  };
  return [
    unit("dataflower", STENCIL),
    unit("promises-threads", STENCIL),
    unit("dataflower", STENCIL, "async"),
    unit("promises-threads", STENCIL, "async"),
    unit("async-auto", STENCIL),
    ...POOLS.map((pool) => unit(pool, STENCIL)),
    unit("dataflower", TEN_TASKS),
    unit("dataflower", ONE_TASK),
    { key: "echo", contender: "echo", workloads: ["echo"], parameters: { measure: "echo", inFlight: IN_FLIGHT, ...pace } },
    {
      key: "spin",
      contender: "dataflower",
      workloads: ["spin-stencil"],
      parameters: { measure: "spin", threads: cores, repeats: isQuick ? 1 : 5 },
    },
  ];
}
