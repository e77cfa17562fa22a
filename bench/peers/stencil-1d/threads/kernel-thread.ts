import { performance } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";
import { runKernel } from "../../../workloads/kernel.js";
import type { Order, Report } from "../plain-threads.js";

/** The other side of plain-threads.ts. */
parentPort?.on("message", ({ kernelRepeats, durationMs }: Order) => {
  const startMs = performance.now();
  let nowMs = startMs;
  let repeats = 0;
  while (nowMs < startMs + durationMs) {
    if (!(runKernel(kernelRepeats) < 0)) throw new Error("Cannot count this kernel as it must give a number below 0");
    repeats += kernelRepeats;
    nowMs = performance.now();
  }
  parentPort?.postMessage({ repeatsPerSecond: (repeats / (nowMs - startMs)) * 1e3 } satisfies Report);
});
