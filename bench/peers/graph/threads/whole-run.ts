import { workerData } from "piscina";
import { graphOf } from "../../../workloads/graphs.js";
import { type Output, stepAsync } from "../../../workloads/task-graph.js";
import { runWithPromises } from "../promises.js";
import { runInOrder } from "../sequential.js";

/** What the threads of piscina-run.ts load. */
const graph = graphOf(String(workerData));

export const sync = (input: Output): Output[] => runInOrder(graph, input);
export const async = (input: Output): Promise<Output[]> => runWithPromises(graph, stepAsync, input);
