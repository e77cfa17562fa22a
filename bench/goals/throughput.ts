import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import type { ThroughputParameters } from "../harness/measurements/throughput.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { fullPace, quickPace } from "../harness/pace.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { Progress } from "../report/progress.js";
import type { Findings } from "./measurement.js";
import { Figures, keyOf, ONE_TASK, POOLS, STENCIL, TEN_TASKS, throughputFindings } from "./throughput-findings.js";

/** Runs, and messages of the echo, in flight at any moment: the same for all. */
const IN_FLIGHT = 64;

/** Named so that a figure can be asked for by what it is of. */
interface NamedUnit extends Unit {
  readonly key: string;
}

/** The goals of small tasks and small runs, measured in interleaved rounds beside what they are compared with. */
export async function measureThroughputGoals(options: MeasuringOptions): Promise<Findings> {
  const units = unitsOf(options);
  const progress = new Progress("throughput goals");
  const rounds = await measureRounds({
    units,
    rounds: options.rounds,
    seed: options.seed,
    measure: (unit: NamedUnit) => measureInFreshProcess(unit),
    progress: (unit, done, total) => progress.update(done, total, unit.key),
  });
  progress.end();
  const samples = rounds.flatMap(({ samples: ofRound, stealShare, repeats }, round) =>
    ofRound.flatMap((lines, index) => lines.map((line) => ({ round, key: units[index]!.key, stealShare, repeats, ...(line as object) }))),
  );
  return { samples, findings: throughputFindings(new Figures(samples), options), note: disturbance(rounds) };
}

function unitsOf({ cores, isQuick }: MeasuringOptions): NamedUnit[] {
  const pace = isQuick ? quickPace : fullPace;
  const unit = (contender: string, workload: string, handlers: "sync" | "async" = "sync"): NamedUnit => {
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
