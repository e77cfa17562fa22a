import type { ThreadHopsParameters } from "../micro/hops/hops.js";
import type { InHandParameters } from "../micro/in-hand.js";
import type { ActorMessageParameters } from "./measurements/actor-messages.js";
import type { AskParameters } from "./measurements/asks.js";
import type { CoinsParameters } from "./measurements/coins.js";
import type { DispatchCostsParameters } from "./measurements/dispatch-costs.js";
import type { DurableParameters } from "./measurements/durable.js";
import type { DurableHopParameters } from "./measurements/durable-hops.js";
import { type EchoParameters, measureEcho } from "./measurements/echo.js";
import type { HopParameters } from "./measurements/hops.js";
import type { IdleActorParameters } from "./measurements/idle-actors.js";
import type { LadderParameters } from "./measurements/ladder.js";
import type { LargeGraphParameters } from "./measurements/large-graph.js";
import { type LatencyParameters, measureLatency } from "./measurements/latency.js";
import { type LatencyCurveParameters, measureLatencyCurve } from "./measurements/latency-curve.js";
import type { DetectionParameters, RecoveryParameters } from "./measurements/lost-threads.js";
import type { MetgParameters, MetgReferenceParameters } from "./measurements/metg.js";
import type { MicroParameters } from "./measurements/micro.js";
import type { PendingMemoryParameters } from "./measurements/pending-memory.js";
import type { ProcessCostsParameters } from "./measurements/process-costs.js";
import type { ResidentMemoryParameters } from "./measurements/resident-memory.js";
import type { ResumptionParameters } from "./measurements/resumption.js";
import type { SavinaParameters } from "./measurements/savina.js";
import type { ScheduledLoadParameters } from "./measurements/scheduled-load.js";
import type { StartParameters } from "./measurements/start.js";
import { measureThroughput, type ThroughputParameters } from "./measurements/throughput.js";
import { measureWordCount, type WordCountParameters } from "./measurements/word-count.js";
import type { WordCountMakespanParameters } from "./measurements/word-count-makespan.js";

/** The stencil of 1 ms tasks, which only DataFlower runs. */
export interface SpinParameters {
  readonly measure: "spin";
  readonly threads: number;
  readonly repeats: number;
}

/** What is measured in one process. */
export type Parameters =
  | ThroughputParameters
  | LatencyParameters
  | LatencyCurveParameters
  | EchoParameters
  | WordCountParameters
  | MetgParameters
  | MetgReferenceParameters
  | DurableParameters
  | DurableHopParameters
  | AskParameters
  | OwnParameters;

/** What only DataFlower does: measurements that load it, which other contenders must not pay for, and are imported only where they run. */
type OwnParameters =
  | SpinParameters
  | CoinsParameters
  | DetectionParameters
  | RecoveryParameters
  | ThreadHopsParameters
  | InHandParameters
  | DispatchCostsParameters
  | ProcessCostsParameters
  | LadderParameters
  | HopParameters
  | ResumptionParameters
  | PendingMemoryParameters
  | LargeGraphParameters
  | ResidentMemoryParameters
  | ScheduledLoadParameters
  | StartParameters
  | WordCountMakespanParameters
  | MicroParameters
  | ActorMessageParameters
  | IdleActorParameters
  | SavinaParameters;

/** Measures one contender at one workload, in this process. Rejects when an answer is wrong. */
export async function measureUnit(contender: string, workload: string, parameters: Parameters): Promise<object> {
  switch (parameters.measure) {
    case "throughput":
      return measureThroughput(contender, workload, parameters);
    case "latency":
      return measureLatency(contender, workload, parameters);
    case "latency-curve":
      return measureLatencyCurve(contender, workload, parameters);
    case "echo":
      return measureEcho(parameters);
    case "word-count":
      return measureWordCount(contender, parameters);
    case "metg":
      return (await import("./measurements/metg.js")).measureMetg(contender, parameters);
    case "metg-reference":
      return (await import("./measurements/metg.js")).measureMetgReference(parameters);
    case "durable":
      return (await import("./measurements/durable.js")).measureDurable(contender, workload, parameters);
    case "durable-hops":
      return (await import("./measurements/durable-hops.js")).measureDurableHops(contender, parameters);
    case "asks":
      return (await import("./measurements/asks.js")).measureAsks(parameters);
    default:
      return measureOwn(contender, workload, parameters);
  }
}

async function measureOwn(contender: string, workload: string, parameters: OwnParameters): Promise<object> {
  switch (parameters.measure) {
    case "spin":
      return (await import("../peers/spin/dataflower.js")).measureSpin(parameters);
    case "coins":
      return (await import("./measurements/coins.js")).measureCoins(parameters);
    case "detection":
      return (await import("./measurements/lost-threads.js")).measureDetection(parameters);
    case "recovery":
      return (await import("./measurements/lost-threads.js")).measureRecovery(parameters);
    case "in-hand":
      return (await import("../micro/in-hand.js")).measureInHand(parameters);
    case "dispatch-costs":
      return (await import("./measurements/dispatch-costs.js")).measureDispatchCosts(parameters);
    case "process-costs":
      return (await import("./measurements/process-costs.js")).measureProcessCosts(parameters);
    case "thread-hops":
      return (await import("../micro/hops/hops.js")).measureThreadHops(parameters);
    case "ladder":
      return (await import("./measurements/ladder.js")).measureLadder(contender, workload, parameters);
    case "resumption":
      return (await import("./measurements/resumption.js")).measureResumption(parameters);
    case "hops":
      return (await import("./measurements/hops.js")).measureHops(parameters);
    case "pending-memory":
      return (await import("./measurements/pending-memory.js")).measurePendingMemory(parameters);
    case "large-graph":
      return (await import("./measurements/large-graph.js")).measureLargeGraph(parameters);
    case "resident-memory":
      return (await import("./measurements/resident-memory.js")).measureResidentMemory(workload, parameters);
    case "scheduled-load":
      return (await import("./measurements/scheduled-load.js")).measureScheduledLoad(contender, Number(workload), parameters);
    case "start":
      return (await import("./measurements/start.js")).measureStart(parameters);
    case "word-count-makespan":
      return (await import("./measurements/word-count-makespan.js")).measureWordCountMakespan(parameters);
    case "micro":
      return (await import("./measurements/micro.js")).measureMicro(workload, parameters);
    case "actor-messages":
      return (await import("./measurements/actor-messages.js")).measureActorMessages(parameters);
    case "idle-actors":
      return (await import("./measurements/idle-actors.js")).measureIdleActors(parameters);
    case "savina":
      return (await import("./measurements/savina.js")).measureSavina(workload, parameters);
  }
}
