import { describe, expect, test } from "vitest";
import type { Graph } from "../../actors/workflow/graph.js";
import type { KeptRecords } from "../observe/record-store.js";
import { RunRecord } from "./run.js";
import { listTasks } from "./task-list.js";

const graph = { kind: new Int32Array(10), name: (node: number) => `t${node}` } as unknown as Graph;

/** A run of which two workers executed `tasks`. */
function runOf(tasks: readonly number[] | undefined): RunRecord {
  const run = new RunRecord({
    ownId: "mine",
    idPrefix: "",
    workflow: "w",
    workflowId: 1,
    order: 7,
    submittedAt: 100,
    priority: 0,
    deadline: Number.NaN,
    input: new Uint8Array(),
    cancel: () => {},
    listTasks: async () => [],
  });
  const work = tasks === undefined ? undefined : { startedAt: 110, endedAt: 150, tasks, workUs: [1, 1], bodyBytes: 0 };
  run.end(work === undefined ? "cancelled" : "completed", undefined, 200, work);
  return run;
}

function keptOf(attempts: readonly (readonly [node: number, startedAt: number, endedAt: number])[], hasDropped = false): KeptRecords {
  const words = attempts.flatMap(([node, startedAt, endedAt]) => [8, 7, 1, startedAt, endedAt, node, 1, 1]);
  return { count: attempts.length, words: Float64Array.from(words), hasDropped };
}

describe("listTasks()", () => {
  test("gives the attempts of all workers in the order of their starts", () => {
    const kept = [
      keptOf([
        [1, 110, 112],
        [3, 114, 120],
      ]),
      keptOf([
        [4, 113, 113],
        [2, 112, 113],
        [5, 113, 113.5],
      ]),
    ];
    const records = listTasks(runOf([2, 3]), graph, kept);
    expect(records.map(({ path, worker, startedAt }) => `${path} ${worker} ${startedAt}`)).toEqual([
      "t1 0 10",
      "t2 1 12",
      "t4 1 13",
      "t5 1 13",
      "t3 0 14",
    ]);
  });

  test("gives attempts that ended behind the run, too, and what is left of a run of which nothing is known", () => {
    expect(
      listTasks(runOf([1, 0]), graph, [
        keptOf([
          [1, 110, 112],
          [2, 112, 130],
        ]),
        keptOf([]),
      ]).length,
    ).toBe(2);
    expect(listTasks(runOf(undefined), graph, [keptOf([[1, 110, 112]]), keptOf([], true)]).length).toBe(1);
  });

  test.each([
    ["DF_WORKER_LOST", false],
    ["DF_RESULT_TOO_LARGE", true],
  ])("refuses a list with gaps: %s", (code, hasDropped) => {
    const list = () => listTasks(runOf([1, 2]), graph, [keptOf([[1, 110, 112]]), keptOf([[2, 112, 130]], hasDropped)]);
    expect(list).toThrow(expect.objectContaining({ code, runId: "mine", message: expect.stringContaining("worker 1") }));
    expect(list).toThrow("found 1 of 2");
  });
});
