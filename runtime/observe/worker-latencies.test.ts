import { describe, expect, test } from "vitest";
import { ReadyTask } from "../../actors/workflow/run.js";
import { liveRun } from "../../actors/workflow/scope.fixture.js";
import { loadWorkflow } from "../worker/load-workflow.fixture.js";
import { labelsMax, WorkerLatencies } from "./worker-latencies.js";

const load = (value: unknown) => value;
const store = (value: unknown) => value;

/** The three tasks of a run of a workflow of its own: `load`, `store`, and `load` again, which is named `load-2`. */
function threeTasks(): ReadyTask[] {
  const run = liveRun(loadWorkflow((flow, input) => flow.task(load, flow.task(store, flow.task(load, input)))).graph);
  return [1, 2, 3].map((node) => new ReadyTask(run, run.root, node, node, 0));
}

const countOf = (latencies: WorkerLatencies, kind: "queue" | "service" | "hop", task?: string) =>
  latencies
    .snapshot(kind, task)
    .flatMap(({ counts }) => counts)
    .reduce((sum, one) => sum + one, 0);

describe("WorkerLatencies", () => {
  test("counts queueing and service by the name that tasks of one handler share, and hops apart", () => {
    const latencies = new WorkerLatencies();
    for (const task of threeTasks()) latencies.task(task, 1, 9);
    latencies.hop(4);
    expect([countOf(latencies, "queue"), countOf(latencies, "service"), countOf(latencies, "hop")]).toEqual([3, 3, 1]);
    for (const kind of ["queue", "service"] as const) {
      expect(["load", "store", "load-2"].map((name) => countOf(latencies, kind, name))).toEqual([2, 1, 0]);
    }
    const first = (kind: "queue" | "service" | "hop") => Math.round(latencies.snapshot(kind)[0]?.values[0] as number);
    expect([first("queue"), first("service"), first("hop")]).toEqual([1, 8, 4]);
  });

  test("keeps workflows apart while they take turns, and finds a name in all of them", () => {
    const latencies = new WorkerLatencies();
    const [one, other] = [threeTasks(), threeTasks()];
    for (let turn = 0; turn < 6; turn++) {
      latencies.task(one[turn % 3] as ReadyTask, 1, 2);
      latencies.task(other[turn % 3] as ReadyTask, 1, 2);
    }
    expect(countOf(latencies, "queue")).toBe(12);
    expect(countOf(latencies, "queue", "store")).toBe(4);
    expect(latencies.snapshot("queue", "store")).toHaveLength(2);
  });

  test("is empty at first", () => {
    const latencies = new WorkerLatencies();
    expect(latencies.snapshot("queue")).toEqual([]);
    expect(latencies.snapshot("hop")).toEqual([{ values: [], counts: [] }]);
  });

  test("counts names beyond so many together", () => {
    const latencies = new WorkerLatencies();
    const count = labelsMax + 50;
    const names = Array.from({ length: count }, (_, index) => `task_${index}`);
    const run = liveRun(loadWorkflow((flow, input) => names.map((name) => flow.task(load, input, { name }))).graph);
    for (let node = 1; node <= count; node++) latencies.task(new ReadyTask(run, run.root, node, node, 0), 1, 2);
    expect(countOf(latencies, "service")).toBe(count);
    expect(latencies.snapshot("service")).toHaveLength(labelsMax + 1);
    expect(countOf(latencies, "service", `task_${labelsMax - 1}`)).toBe(1);
    expect(countOf(latencies, "service", `task_${labelsMax}`)).toBe(0);
  });
});
