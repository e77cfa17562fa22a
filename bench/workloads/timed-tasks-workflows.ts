import { type Ref, type Workflow, workflow } from "dataflower";
import { busyFor, type KindMs, kindsMs } from "./timed-tasks.js";

const timed = (ms: KindMs) =>
  workflow({ name: `timed-${ms}`, module: import.meta.url }, (flow, input: Ref<number>) => flow.task(busyFor, input, { estimate: ms }));

export const [timed1, timed2, timed4, timed8, timed16, timed32] = kindsMs.map(timed) as [
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
  Workflow<number, number>,
];

/** By run time. */
export const timedWorkflows: ReadonlyMap<KindMs, Workflow<number, number>> = new Map(
  [timed1, timed2, timed4, timed8, timed16, timed32].map((one, at) => [kindsMs[at]!, one]),
);
