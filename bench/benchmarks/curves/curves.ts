import type { Throughput } from "../../harness/closed-loop.js";
import type { Axis } from "../../report/plots/axis.js";

export type CurveName = "size" | "in-flight" | "workers";

/** What stands along one curve, and what is read off it. */
export interface Curve {
  readonly name: CurveName;
  readonly title: string;
  /** Under which conditions; `threads` is what those with threads may use. */
  readonly conditions: (threads: number) => string;
  readonly x: Axis;
  readonly y: Axis;
  readonly value: (sample: Throughput) => number;
}

/** Tasks in flight at most: runs of more than 1,000 tasks are fewer than 64. */
export const TASKS_IN_FLIGHT_MAX = 64_000;
export const RUNS_IN_FLIGHT = 64;

export const CURVES: readonly Curve[] = [
  {
    name: "size",
    title: "Tasks a second by the size of a run",
    conditions: (threads) => `stencil, ${threads} threads, ${RUNS_IN_FLIGHT} runs in flight (21 of 3,000 tasks, 6 of 10,000)`,
    x: { name: "tasks in a run", scale: "log" },
    y: { name: "tasks/s", scale: "log" },
    value: ({ tasksPerSecond }) => tasksPerSecond,
  },
  {
    name: "in-flight",
    title: "Runs a second by the runs in flight",
    conditions: (threads) => `fan of 10 tasks, ${threads} threads`,
    x: { name: "runs in flight", scale: "log" },
    y: { name: "runs/s", scale: "log" },
    value: ({ runsPerSecond }) => runsPerSecond,
  },
  {
    name: "workers",
    title: "Tasks a second by workers",
    conditions: () => `stencil of 100 tasks, ${RUNS_IN_FLIGHT} runs in flight; without workers tasks run on the calling thread`,
    x: { name: "worker threads", isWhole: true },
    y: { name: "tasks/s" },
    value: ({ tasksPerSecond }) => tasksPerSecond,
  },
];
