import { describe, expect, test } from "vitest";
import { builtInPolicy, type PolicyDefinition, type PolicyOrder } from "../../schedulers/index.js";
import { Intake } from "./intake.js";
import { RunRecord, type RunRecordFacts } from "./run.js";
import type { RunOutlook } from "./run-outlook.js";

const record = (order: number, facts: Partial<RunRecordFacts> = {}) =>
  new RunRecord({
    ownId: undefined,
    idPrefix: "r-",
    workflow: "w",
    workflowId: 1,
    order,
    submittedAt: order,
    priority: 0,
    deadline: Number.NaN,
    input: new Uint8Array(),
    cancel: () => {},
    listTasks: async () => [],
    ...facts,
  });

const fifo = builtInPolicy("fifo") as PolicyDefinition;
/** Fifo asks for nothing of it. */
const outlook = {} as RunOutlook;

function filled(runsMax: number, count: number): Intake {
  const intake = new Intake(fifo, runsMax, () => outlook);
  for (let order = 1; order <= count; order++) intake.add(record(order), order);
  return intake;
}

const rest = (intake: Intake) => {
  const orders: number[] = [];
  for (let run = intake.take(0); run !== undefined; run = intake.take(0)) orders.push(run.order);
  return orders;
};

describe("Intake", () => {
  test("gives waiting runs in the order of its scheduler", () => {
    const intake = filled(10, 4);
    expect(intake.size).toBe(4);
    expect(rest(intake)).toEqual([1, 2, 3, 4]);
    expect(intake.size).toBe(0);
  });

  test("gives a run that was put back first, and counts it", () => {
    const intake = filled(10, 3);
    intake.putBack(intake.take(0) as RunRecord);
    expect(intake.size).toBe(3);
    intake.add(record(4), 4);
    expect(rest(intake)).toEqual([1, 2, 3, 4]);
  });

  test("refuses a run when as many wait as may, the one that was put back included", () => {
    const intake = filled(3, 2);
    expect(() => intake.requireRoom(0)).not.toThrow();
    intake.add(record(3), 3);
    expect(() => intake.requireRoom(0)).toThrow(expect.objectContaining({ code: "DF_QUEUE_FULL" }));
    intake.putBack(intake.take(0) as RunRecord);
    expect(() => intake.requireRoom(0)).toThrow(expect.objectContaining({ code: "DF_QUEUE_FULL" }));
    intake.take(0);
    expect(() => intake.requireRoom(0)).not.toThrow();
    expect(() => intake.requireRoom(1)).toThrow(expect.objectContaining({ code: "DF_QUEUE_FULL" }));
  });

  test("gives runs that were put back in the order of their submission", () => {
    const intake = filled(10, 4);
    const taken = [1, 2, 3].map(() => intake.take(0) as RunRecord);
    for (const at of [1, 0, 2]) intake.putBack(taken[at] as RunRecord);
    expect(rest(intake)).toEqual([1, 2, 3, 4]);
  });

  test("gives a run that was removed no more, whether it was put back or never taken", () => {
    const intake = new Intake(fifo, 10, () => outlook);
    const runs = [1, 2, 3].map((order) => record(order));
    for (const run of runs) intake.add(run, run.order);
    intake.putBack(intake.take(0) as RunRecord);
    for (const run of [runs[0], runs[2], runs[0]]) intake.remove(run as RunRecord);
    expect(intake.size).toBe(1);
    expect(rest(intake)).toEqual([2]);
    intake.remove(runs[1] as RunRecord);
    expect(intake.size).toBe(0);
  });
});

const mine = (order: PolicyOrder): PolicyDefinition => ({ name: "mine", module: "file:///mine.js", order });
const outlookWith = (workMs: number | undefined, pathMs = 0) => ({ workMs, pathMs }) as RunOutlook; // a class, of which only this is read

describe("Intake: in the order of a scheduler", () => {
  test.each([
    ["priority", [3, 1, 2]],
    ["sjf", [2, 3, 1]],
    ["critical-path", [2, 1, 3]],
  ])("%s: %j", (name, orders) => {
    const outlooks = [outlookWith(undefined, 2), outlookWith(5, 9), outlookWith(7, 1)];
    const intake = new Intake(builtInPolicy(name) as PolicyDefinition, 10, ({ order }) => outlooks[order - 1] as RunOutlook);
    for (const [order, priority] of [0, -1, 2].entries()) intake.add(record(order + 1, { priority }), order);
    expect(rest(intake)).toEqual(orders);
  });

  test("that ranks: each run keeps the rank that it was given once", () => {
    let calls = 0;
    const intake = new Intake(mine({ rank: (run) => run.order * ++calls }), 10, () => outlook);
    const runs = [3, 2, 1].map((order) => record(order));
    for (const run of runs) intake.add(run, 0);
    expect(rest(intake)).toEqual([1, 3, 2]);
    expect([calls, ...runs.map(({ rank }) => rank)]).toEqual([3, 3, 4, 3]);
  });

  test.each<[string, PolicyDefinition]>([
    ["fifo", fifo],
    ["before", mine({ before: () => false })],
  ])("that does not rank, %s: all runs have rank 0", (_, scheduler) => {
    const intake = new Intake(scheduler, 10, () => outlook);
    const run = record(5);
    intake.add(run, 0);
    expect(run.rank).toBe(0);
  });

  test("that breaks its contract: gives the runs that it holds, refused, and goes on with those that come later", () => {
    const thrown = new Error("torn");
    const scheduler = mine({
      rank: ({ order }) => {
        if (order === 2) throw thrown;
        return -order;
      },
    });
    const intake = new Intake(scheduler, 10, () => outlook);
    const runs = [1, 2, 3, 4, 5].map((order) => record(order));
    for (const run of runs.slice(0, 3)) intake.add(run, run.order);
    expect(intake.size).toBe(3);
    expect(rest(intake)).toEqual([1, 2, 3]);
    for (const run of runs.slice(3)) intake.add(run, run.order);
    expect(rest(intake)).toEqual([5, 4]);
    expect(runs.map(({ refused }) => refused?.code)).toEqual([...Array(3).fill("DF_SCHEDULER_FAILED"), undefined, undefined]);
    expect(runs[0]?.refused).toMatchObject({ cause: thrown, runId: "r-1" });
  });
});
