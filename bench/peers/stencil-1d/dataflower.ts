import { DataFlower, type EngineOptions } from "dataflower";
import type { Contender, RunStencil } from "./contender.js";

type WorkflowModule = typeof import("./dataflower-workflow.js");

/** DataFlower as it is started by default. */
export const contender: Contender = dataflower("throughput");

export function dataflower(profile: NonNullable<EngineOptions["profile"]>): Contender {
  return {
    async open({ width, threads }) {
      const engine = await DataFlower.start({ workers: threads, store: "memory:", profile });
      return {
        prepare(kernelRepeats): RunStencil {
          const loading = loadStencil(width, kernelRepeats);
          return async () => {
            const { stencil } = await loading;
            const run = await engine.submit(stencil, {});
            const answer = await run.result();
            return { answer, tasksByWorker: (await run.summary()).tasksByWorker };
          };
        },
        close: () => engine.close(),
      };
    },
  };
}

/** A workflow for each length of kernel: the engine keeps an average of the time of each task, and would mix them. */
function loadStencil(width: number, kernelRepeats: number): Promise<WorkflowModule> {
  const address = new URL("./dataflower-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ width: String(width), kernelRepeats: String(kernelRepeats) }).toString();
  return import(address.href);
}
