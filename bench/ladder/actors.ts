import type { Contender } from "../peers/graph/contender.js";
import type { Output } from "../workloads/task-graph.js";
import { LoneWorker } from "./lone-worker.js";
import { loneWorkflow } from "./lone-workflow.js";

/** The workflow, task and scheduler actors on one thread; each task is tried once and never watched. */
export const actors: Contender = loneActors(false);

/** The same, and how long each task waited and took is counted. */
export const measuredActors: Contender = loneActors(true);

function loneActors(isMeasuring: boolean): Contender {
  return {
    async open({ graph }) {
      const worker = new LoneWorker(loneWorkflow(graph, "once"), { isMeasuring });
      let runs = 0;
      return {
        inFlightMax: 1,
        run(input) {
          runs += 1;
          return worker.run(input) as readonly Output[]; // what the workflow gives; the caller checks it
        },
        async close() {
          const expected = isMeasuring ? runs * graph.size : 0;
          if (worker.measuredCount === expected) return;
          throw new Error(`Cannot count these tasks as the histograms must hold each once: ${worker.measuredCount}, not ${expected}`);
        },
      };
    },
  };
}
