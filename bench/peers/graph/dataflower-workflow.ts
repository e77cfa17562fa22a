import { graphOf } from "../../workloads/graphs.js";
import { graphAsWorkflow } from "./graph-as-workflow.js";

/**
 * A task graph as a workflow. Workers import this module by its address, and the address says which graph it is and how its tasks are:
 * `dataflower-workflow.js?graph=stencil-100&handlers=sync&attempts=default`.
 */
const query = new URL(import.meta.url).searchParams;

export const taskGraph = graphAsWorkflow({
  graph: graphOf(query.get("graph") ?? ""),
  handlers: query.get("handlers") === "async" ? "async" : "sync",
  attempts: query.get("attempts") === "once" ? "once" : "default",
  module: import.meta.url,
});
