import { type Ref, type Workflow, workflow } from "dataflower";
import { busyFor, type KindMs, kindsMs } from "./timed-tasks.js";

const timed = (ms: KindMs) =>
  workflow({ name: `timed-${ms}`, module: import.meta.url }, (flow, input: Ref<number>) => flow.task(busyFor, input, { estimate: ms }));

export const [timed4, timed8, timed16, timed32, timed64, timed128] = kindsMs.map(timed) as [
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
];

/** By run time. */
export const timedWorkflows: ReadonlyMap<KindMs, Workflow<number, number>> = new Map(
  [timed4, timed8, timed16, timed32, timed64, timed128].map((one, at) => [kindsMs[at]!, one]),
);
