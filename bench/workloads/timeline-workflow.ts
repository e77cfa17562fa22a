import { performance } from "node:perf_hooks";
import { type Ref, workflow } from "dataflower";
import { seeded } from "../harness/random.js";
import { layered } from "./layered.js";

/** Tasks of a few milliseconds that wait for each other: one run of it is looked at, task by task. */
export const timelineGraph = layered(60);

const MS_MIN = 2;
const MS_MAX = 16;
const random = seeded(1);
/** How long each task keeps its thread busy. */
export const timelineMs: readonly number[] = timelineGraph.parents.map(() => MS_MIN + Math.floor(random() * (MS_MAX - MS_MIN)));

/** Keeps its thread busy. @returns how many tasks are on the longest way here */
export function spinFor({ ms, depths }: { ms: number; depths: number[] }): number {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
  return 1 + Math.max(0, ...depths);
}

export const nameOfTask = (task: number): string => `task-${task}`;

export const timeline = workflow({ name: "timeline", module: import.meta.url }, (flow) => {
  const refs: Ref<number>[] = [];
  for (const [task, parents] of timelineGraph.parents.entries()) {
    const depths = parents.map((parent) => refs[parent]!);
    refs.push(flow.task(spinFor, { ms: timelineMs[task]!, depths }, { name: nameOfTask(task), estimate: timelineMs[task]! }));
  }
  return timelineGraph.sinks.map((sink) => refs[sink]!);
});

/** What the workflow must answer. */
export function timelineDepths(): number[] {
  const depths: number[] = [];
  for (const parents of timelineGraph.parents) depths.push(1 + Math.max(0, ...parents.map((parent) => depths[parent]!)));
  return timelineGraph.sinks.map((sink) => depths[sink]!);
}
