import { type Ref, workflow } from "dataflower";

/** One task in a process of its own, which gives back what it is given: all the time that it takes is the executor's. */
export const processEcho = workflow({ name: "process-echo", module: import.meta.url }, (flow, input: Ref<number>) =>
  flow.task((value: number) => value, input, { name: "answer", executor: "process" }),
);
