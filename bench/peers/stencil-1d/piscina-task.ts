import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { columnsAbove, type Point, type PointTask, STEPS } from "../../workloads/stencil-1d.js";
import type { Contender } from "./contender.js";

/** piscina 5, a task a message: the edges are promises on the calling thread. Settings as for the task graphs, where they measured best. */
export const contender: Contender = {
  async open({ width, threads }) {
    const pool = new Piscina<PointTask, Point>({
      filename: fileURLToPath(new URL("./threads/compute-point.js", import.meta.url)),
      minThreads: threads,
      maxThreads: threads,
      ...SETTINGS,
    });
    const execute = (task: PointTask) => pool.run(task);
    return { prepare: (kernelRepeats) => () => runOverPool({ width, kernelRepeats, execute }), close: () => pool.destroy() };
  },
};

const SETTINGS = { atomics: "sync", concurrentTasksPerWorker: 1024, idleTimeout: Number.POSITIVE_INFINITY, recordTiming: false } as const;

interface Parts {
  readonly width: number;
  readonly kernelRepeats: number;
  execute(task: PointTask): Promise<Point>;
}

async function runOverPool({ width, kernelRepeats, execute }: Parts): Promise<{ answer: Point[] }> {
  let above: Promise<Point>[] = [];
  for (let step = 0; step < STEPS; step++) {
    const before = above;
    above = Array.from({ length: width }, (_, column) => {
      const inputs = step === 0 ? [] : columnsAbove(column, width).map((from) => before[from]!);
      return Promise.all(inputs).then((points) => execute({ step, column, width, kernelRepeats, inputs: points }));
    });
  }
  return { answer: await Promise.all(above) };
}
