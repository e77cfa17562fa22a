import type { DurableSetting } from "../../peers/durable/contender.js";
import { durableContenderOf } from "../../peers/durable/contenders.js";
import type { Session } from "../../peers/graph/contender.js";
import { graphOf } from "../../workloads/graphs.js";
import type { TaskGraph } from "../../workloads/task-graph.js";
import type { Throughput } from "../closed-loop.js";
import { openStore, type StoreKind } from "../store.js";
import { warmAndMeasure } from "./throughput.js";

/** A closed loop of runs that are kept, after a warm-up; in a store of its own. Durations in ms. */
export interface DurableParameters extends Pick<DurableSetting, "threads" | "durability" | "commit" | "restate"> {
  readonly measure: "durable";
  readonly store: StoreKind;
  /** Runs in flight. */
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export function measureDurable(contender: string, workload: string, parameters: DurableParameters): Promise<Throughput> {
  const graph = graphOf(workload);
  return withDurableSession(contender, graph, parameters, (session) => warmAndMeasure(session, graph, parameters));
}

/** Opens a durable contender, and the store that it needs, for as long as it is used. */
export async function withDurableSession<T>(
  contender: string,
  graph: TaskGraph,
  { threads, store: kind, durability, commit, restate }: Pick<DurableParameters, "threads" | "store" | "durability" | "commit" | "restate">,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { open } = await durableContenderOf(contender);
  const store = await openStore(kind, durability);
  try {
    const session = await open({ graph, threads, store: store.url, durability, commit, ...(restate && { restate }) });
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  } finally {
    await store.close();
  }
}
