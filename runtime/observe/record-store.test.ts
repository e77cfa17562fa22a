import { describe, expect, test } from "vitest";
import type { Graph } from "../../actors/workflow/graph.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { readRecords } from "./read-records.js";
import { RecordStore } from "./record-store.js";

/** As much of a task as a record is made of. */
function taskOf(order: number, node: number, fence = 1, attempt = 1): ReadyTask {
  return { run: { order, fence }, node, attempt, instance: node, scope: { parent: undefined } } as unknown as ReadyTask;
}

const graph = { kind: new Int32Array(1000), name: (node: number) => `t${node}` } as unknown as Graph;

function pathsOf(store: RecordStore, order: number, fence = 1): string[] {
  const { words, count } = store.of(order, fence);
  const records = readRecords(words, { graph, worker: 0, submittedAt: 0 });
  expect(records.length).toBe(count);
  return records.map(({ path }) => path);
}

describe("RecordStore", () => {
  test("keeps the attempts of each run apart, in the order in which they ended", () => {
    const store = new RecordStore();
    for (const [order, node] of [
      [1, 1],
      [2, 2],
      [1, 3],
      [2, 4],
      [2, 5],
    ] as const)
      store.note(taskOf(order, node), 10, 12, true);
    expect(pathsOf(store, 1)).toEqual(["t1", "t3"]);
    expect(pathsOf(store, 2)).toEqual(["t2", "t4", "t5"]);
    expect(pathsOf(store, 3)).toEqual([]);
  });

  test("tells when an attempt was, where, which, and how it ended", () => {
    const store = new RecordStore();
    store.note(taskOf(1, 4, 1, 3), 110.25, 112.5, false);
    const [record] = readRecords(store.of(1, 1).words, { graph, worker: 7, submittedAt: 100 });
    expect(record).toEqual({ path: "t4", name: "t4", attempt: 3, worker: 7, startedAt: 10.25, endedAt: 12.5, outcome: "failed" });
  });

  test("keeps the lives of a run apart", () => {
    const store = new RecordStore();
    for (const [node, fence] of [
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 2],
    ] as const)
      store.note(taskOf(1, node, fence), 1, 2, true);
    expect([pathsOf(store, 1, 1), pathsOf(store, 1, 2), pathsOf(store, 1, 3)]).toEqual([["t1", "t3"], ["t2", "t4"], []]);
  });

  test("keeps no more than it may: the oldest records go first, and it says so", () => {
    const store = new RecordStore({ recordsMax: 30, recordsPerChunk: 10 });
    const wholeChunks = 3 * 8; // behind eight of the shortest records there is no room for the longest
    for (let node = 0; node < wholeChunks; node++) store.note(taskOf(1, node), 1, 2, true);
    expect([store.of(1, 1).count, store.of(1, 1).hasDropped]).toEqual([wholeChunks, false]);
    store.note(taskOf(2, 7), 1, 2, true);
    expect(pathsOf(store, 1)).toEqual(Array.from({ length: 16 }, (_, at) => `t${at + 8}`));
    expect([pathsOf(store, 2), store.of(2, 1).hasDropped]).toEqual([["t7"], true]);
    for (let node = 0; node < 1000; node++) store.note(taskOf(3, node), 1, 2, true);
    expect(pathsOf(store, 3).at(-1)).toBe("t999");
    expect(store.of(3, 1).count).toBeLessThanOrEqual(wholeChunks);
    expect(store.of(3, 1).count).toBeGreaterThan(wholeChunks - 8);
  });
});
