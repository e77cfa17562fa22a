import { parentPort, workerData } from "node:worker_threads";
import { driveOneByOne } from "../../../harness/closed-loop.js";
import { Load } from "../../../harness/load.js";
import { graphOf } from "../../../workloads/graphs.js";
import { step, stepAsync } from "../../../workloads/task-graph.js";
import { runWithPromises } from "../promises.js";
import type { Order, Report } from "../promises-threads.js";

/** The other side of promises-threads.ts. */
const { graph: name, handlers } = workerData as { graph: string; handlers: "sync" | "async" }; // as: set by promises-threads.ts
const graph = graphOf(name);
const body = handlers === "sync" ? step : stepAsync;

parentPort?.on("message", async (order: Order) => {
  parentPort?.postMessage(await obey(order));
});

async function obey(order: Order): Promise<Report> {
  if (order.kind === "run") return { kind: "answer", answer: await runWithPromises(graph, body, order.input) };
  const load = new Load({ graph, inFlight: 1, durationMs: order.durationMs });
  await driveOneByOne((input) => runWithPromises(graph, body, input), load);
  return { kind: "driven", runs: load.accepted };
}
