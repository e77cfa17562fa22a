import { DataFlower } from "dataflower";
import { measureSteadyLoop, type SteadyRate } from "../../harness/steady-loop.js";
import type { Session } from "../../peers/graph/contender.js";
import { sessionOf } from "../../peers/graph/dataflower.js";
import { runWithPromises } from "../../peers/graph/promises.js";
import { type WaitingChain, waitingChain, waitingStep } from "../../workloads/waiting-chain.js";

type WorkflowModule = typeof import("../../workloads/waiting-chain-workflow.js");

export const waitingContenders = ["dataflower", "promises"] as const;

/** A closed loop of runs whose tasks wait for timers. Durations in ms. */
export interface WaitingRuns extends WaitingChain {
  readonly contender: (typeof waitingContenders)[number];
  /** Worker threads of DataFlower; promises wait on one thread. */
  readonly threads: number;
  readonly inFlight: number;
  /** With all runs in flight: while code is compiled does not count. */
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** Rejects when an answer is wrong. */
export async function measureWaitingRuns(wanted: WaitingRuns): Promise<SteadyRate> {
  const session = wanted.contender === "dataflower" ? await openEngine(wanted) : openPromises(wanted);
  try {
    const { inFlight, warmupMs, measureMs } = wanted;
    return await measureSteadyLoop(session, { graph: waitingChain(wanted), inFlight, warmupMs, durationMs: measureMs });
  } finally {
    await session.close();
  }
}

/** As many attempts may wait on a worker as there are runs, so that nothing queues but for the engine's own work. */
async function openEngine({ tasks, waitMs, threads, inFlight }: WaitingRuns): Promise<Session> {
  const address = new URL("../../workloads/waiting-chain-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ tasks: String(tasks), waitMs: String(waitMs) }).toString();
  const { waitingWorkflow }: WorkflowModule = await import(address.href);
  const options = { workers: threads, store: "memory:", concurrency: Math.max(64, inFlight) };
  return sessionOf(await DataFlower.start({ workflows: [waitingWorkflow], ...options }), waitingWorkflow);
}

function openPromises(wanted: WaitingRuns): Session {
  const [graph, body] = [waitingChain(wanted), waitingStep(wanted.waitMs)];
  return { run: (input) => runWithPromises(graph, body, input), close: async () => {} };
}
