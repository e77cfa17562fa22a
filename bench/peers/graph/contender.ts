import type { EngineOptions, Latency } from "dataflower";
import type { Load } from "../../harness/load.js";
import type { Output, TaskGraph } from "../../workloads/task-graph.js";

/** What a contender is opened with; the same for all contenders of a comparison. */
export interface Setting {
  readonly graph: TaskGraph;
  /** Threads that may execute tasks; single-threaded contenders have one, whatever this says. */
  readonly threads: number;
  /** Whether the body of a task returns its output or a promise of it. */
  readonly handlers: "sync" | "async";
  /** Of DataFlower; others have none. @defaultValue "throughput" */
  readonly profile?: NonNullable<EngineOptions["profile"]>;
}

/** One way to execute a task graph. Every contender is written as the documentation of its library advises, at the settings that measured best. */
export interface Contender {
  /** Opens what can be opened before the first run: threads, pools, prepared graphs. */
  open(setting: Setting): Promise<Session>;
}

export interface Session {
  /** Executes the graph once; the answer is the outputs of its sinks. */
  run(input: Output): readonly Output[] | Promise<readonly Output[]>;
  /** A way to execute many runs that is faster than `run` once each, where there is one. */
  drive?(load: Load): Promise<void>;
  /** Where more than so many runs in flight only make it slower: how many it wants at most. */
  readonly inFlightMax?: number;
  /** What the contender itself recorded since it was opened, where it records anything. */
  latency?(kind: "queue" | "service"): Promise<Latency>;
  close(): Promise<void>;
}
