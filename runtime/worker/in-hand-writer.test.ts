import { describe, expect, test } from "vitest";
import { LocalMemory } from "../../actors/workflow/local-memory.js";
import { RegionShape } from "../../actors/workflow/region-shape.js";
import { ReadyTask } from "../../actors/workflow/run.js";
import { taskPositions } from "../../actors/workflow/run-past.js";
import { Scope } from "../../actors/workflow/scope.js";
import { readyTask } from "../executors/task.fixture.js";
import { InHand, positionsMax } from "../memory/in-hand.js";
import { InHandWriter } from "./in-hand-writer.js";

function open() {
  const buffer = new SharedArrayBuffer(InHand.bytes());
  return { writer: new InHandWriter(new InHand(buffer, 0)), record: new InHand(buffer, 0) };
}

/** A task inside of so many maps. */
function taskAt(depth: number): ReadyTask {
  const { run, scope: root } = readyTask(() => 1);
  const shape = new RegionShape(run.workflow.graph, 0, 20, 20);
  let scope: Scope = root;
  for (let level = 1; level <= depth; level++) scope = new Scope(run.workflow, shape, scope, level + 2, new LocalMemory(shape));
  const task = new ReadyTask(run, scope, 7, 1, 0);
  task.attempt = 3;
  return task;
}

describe("InHandWriter", () => {
  test.each([0, 1, 2, positionsMax - 1])("names a task inside of %i maps as a charge does", (depth) => {
    const { writer, record } = open();
    const task = taskAt(depth);
    const name = { slot: 0, epoch: 5, attempt: 3, positions: taskPositions(task.scope, task.instance) };
    expect(name.positions.length).toBe(depth + 1);
    writer.begin(task);
    expect(record.read()).toMatchObject(name);
    writer.waits(task, 12.5);
    expect(record.readWaiting()).toMatchObject({ ...name, dueAt: 12.5 });
    writer.begin(taskAt(0));
    expect(record.read()).toMatchObject({ positions: [7] });
  });

  test("refuses a task that a record cannot name", () => {
    expect(() => open().writer.begin(taskAt(positionsMax))).toThrow("nested no deeper");
  });

  test("has nothing in hand after a turn; what waits stays until it is told otherwise", () => {
    const { writer, record } = open();
    writer.begin(taskAt(0));
    writer.waits(taskAt(0), 1);
    const before = record.read();
    writer.endTurn();
    writer.endTurn();
    expect(record.read()).toBeUndefined();
    expect(record.readWaiting()).toMatchObject({ dueAt: 1 });
    writer.waits(undefined, Number.POSITIVE_INFINITY);
    expect(record.readWaiting()).toBeUndefined();
    writer.begin(taskAt(0));
    expect(record.read()?.sequence).not.toBe(before?.sequence);
    writer.beat();
    expect(record.read()?.beat).not.toBe(before?.beat);
  });
});
