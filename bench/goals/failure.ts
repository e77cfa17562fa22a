import { measureInFreshProcess } from "../harness/fresh-process.js";
import { type Keyed, type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import type { CoinsParameters, CoinsSample } from "../harness/measurements/coins.js";
import type { DetectionSample, RecoverySample } from "../harness/measurements/lost-threads.js";
import type { ThroughputParameters } from "../harness/measurements/throughput.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import type { InHandSample } from "../micro/in-hand.js";
import { Progress } from "../report/progress.js";
import { cells, type JudgedCell, judge, RUNS_NEEDED } from "./failure-cells.js";
import { type FailureFigures, failureFindings, LOSSES_NEEDED } from "./failure-findings.js";
import type { Findings } from "./measurement.js";

/** Runs in flight while the cost of the machinery is measured. */
const IN_FLIGHT = 64;
const STENCIL = "stencil-100";
const QUICK_NOTE = "Quick: too few failures to judge anything, and the costs are those of cold code.\n";

/** What one process prints of each kind of unit. */
interface Samples {
  readonly detection: DetectionSample;
  readonly recovery: RecoverySample;
  readonly "sync once": { readonly tasksPerSecond: number };
  readonly "sync default": { readonly tasksPerSecond: number };
  readonly "async once": { readonly tasksPerSecond: number };
  readonly "async default": { readonly tasksPerSecond: number };
  readonly "in-hand": InHandSample;
}

type Key = keyof Samples;
type Sample = Keyed<Samples[Key], Key>;

/**
 * The goals of failures: whether as many runs fail as must, what losing a thread costs in time, and what being ready for it costs when
 * nothing fails. All in fresh processes; what is compared, in interleaved rounds.
 */
export async function measureFailureGoals(options: MeasuringOptions): Promise<Findings> {
  const judged = await measureCells(options);
  const { samples, note } = await measureKeyedUnits<Samples[Key], Key>("failure goals", unitsOf(options), options);
  return {
    samples: [...judged, ...samples],
    findings: failureFindings(figuresOf(judged, samples), options.seed),
    note: `${options.isQuick ? QUICK_NOTE : ""}${note}`,
  };
}

async function measureCells({ cores, seed, isQuick }: MeasuringOptions): Promise<JudgedCell[]> {
  const runs = isQuick ? 20 : RUNS_NEEDED;
  const chosen = isQuick ? cells.filter(({ failureShare }) => failureShare === 0.2) : cells;
  const progress = new Progress("success rates");
  const judged: JudgedCell[] = [];
  for (const cell of chosen) {
    progress.update(judged.length, chosen.length, `${cell.tasks} tasks, ${cell.attempts} attempts, ${cell.failureShare * 100} % fail`);
    const parameters: CoinsParameters = { measure: "coins", threads: cores, runs, seed, ...cell };
    const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["coins"], parameters });
    judged.push(judge(sample as CoinsSample)); // as: what this measurement prints
  }
  progress.end();
  return judged;
}

function unitsOf({ cores, rounds, isQuick }: MeasuringOptions): KeyedUnit<Key>[] {
  const repeats = isQuick ? 1 : Math.ceil(LOSSES_NEEDED / rounds);
  return [
    { key: "detection", contender: "dataflower", workloads: ["looping"], parameters: { measure: "detection", threads: cores, repeats } },
    { key: "recovery", contender: "dataflower", workloads: ["exiting"], parameters: { measure: "recovery", repeats } },
    costUnit("sync", "once", isQuick),
    costUnit("sync", "default", isQuick),
    costUnit("async", "once", isQuick),
    costUnit("async", "default", isQuick),
    {
      key: "in-hand",
      contender: "dataflower",
      workloads: ["in-hand"],
      parameters: { measure: "in-hand", repeats: isQuick ? 3 : 11, calls: isQuick ? 1e5 : 1e6 },
    },
  ];
}

/** One worker: what a task costs is seen on its thread alone. */
function costUnit(handlers: "sync" | "async", attempts: "once" | "default", isQuick: boolean): KeyedUnit<Key> {
  const warmupMs = isQuick ? 20 : 2000;
  const measureMs = isQuick ? 50 : 1000;
  const parameters: ThroughputParameters = { measure: "throughput", threads: 1, handlers, inFlight: IN_FLIGHT, warmupMs, measureMs };
  const contender = attempts === "once" ? "dataflower-once" : "dataflower";
  return { key: `${handlers} ${attempts}`, contender, workloads: [STENCIL], parameters };
}

function figuresOf(judged: readonly JudgedCell[], samples: readonly Sample[]): FailureFigures {
  // as: a unit's key says what its process prints
  const of = <K extends Key>(key: K) => samples.filter((sample) => sample.key === key) as readonly unknown[] as Samples[K][];
  const nsOfTask = (key: "sync once" | "sync default" | "async once" | "async default") =>
    of(key).map((sample) => 1e9 / sample.tasksPerSecond);
  return {
    cells: judged,
    detectionsMs: of("detection").flatMap(({ detectionsMs }) => detectionsMs),
    recoveriesMs: of("recovery").flatMap(({ recoveriesMs }) => recoveriesMs),
    costs: {
      sync: { once: nsOfTask("sync once"), default: nsOfTask("sync default") },
      async: { once: nsOfTask("async once"), default: nsOfTask("async default") },
    },
    inHandNs: of("in-hand").flatMap(({ beginNs }) => beginNs),
  };
}
