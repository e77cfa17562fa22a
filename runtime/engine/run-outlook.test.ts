import { describe, expect, test } from "vitest";
import { compile } from "../authoring/compile.js";
import { openGraph } from "../authoring/topology.js";
import { type Workflow, workflow } from "../authoring/workflow.js";
import { RunOutlook } from "./run-outlook.js";

const one = () => [1];
const add = (values: readonly number[][]) => values.flat();
function outlookOf(build: Parameters<typeof workflow>[1]): RunOutlook {
  const written = workflow({ name: "w", module: import.meta.url }, build) as Workflow<never, unknown>;
  return new RunOutlook(openGraph(compile(written).topology));
}

describe("RunOutlook", () => {
  test("of estimated tasks: the work of all, and the longest way through them", () => {
    const outlook = outlookOf((flow) => {
      const first = flow.task(one, undefined, { estimate: 5 });
      return [7, 30].map((estimate) => flow.task(one, undefined, { estimate, after: [first] }));
    });
    expect([outlook.workMs, outlook.pathMs]).toEqual([42, 35]);
    expect([outlook.workMs, outlook.pathMs]).toEqual([42, 35]);
  });

  test("counts what a map repeats once, and the calls of a reduce too", () => {
    const outlook = outlookOf((flow) => {
      const list = flow.task(one, undefined, { estimate: 1 });
      const lists = flow.map(list, () => flow.task(one, undefined, { estimate: 10 }));
      return flow.reduce(lists, add, { estimate: 100 });
    });
    expect([outlook.workMs, outlook.pathMs]).toEqual([111, 111]);
  });

  test("where a task has no estimate, the work is unknown, and it counts as much as the others do on the way", () => {
    const outlook = outlookOf((flow) => flow.task(one, undefined, { after: [flow.task(one, undefined, { estimate: 8 })] }));
    expect([outlook.workMs, outlook.pathMs]).toEqual([undefined, 16]);
  });

  test("without any estimate, tasks are counted", () => {
    const outlook = outlookOf((flow) => flow.task(one, undefined, { after: [flow.task(one)] }));
    expect([outlook.workMs, outlook.pathMs]).toEqual([undefined, 2]);
  });
});
