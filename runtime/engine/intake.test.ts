import { describe, expect, test } from "vitest";
import { builtInPolicy, type PolicyDefinition } from "../../schedulers/index.js";
import { Intake } from "./intake.js";
import { RunRecord } from "./run.js";
import type { RunOutlook } from "./run-outlook.js";

const record = (order: number) =>
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
    expect(() => intake.requireRoom()).not.toThrow();
    intake.add(record(3), 3);
    expect(() => intake.requireRoom()).toThrow(expect.objectContaining({ code: "DF_QUEUE_FULL" }));
    intake.putBack(intake.take(0) as RunRecord);
    expect(() => intake.requireRoom()).toThrow(expect.objectContaining({ code: "DF_QUEUE_FULL" }));
    intake.take(0);
    expect(() => intake.requireRoom()).not.toThrow();
  });

  test("gives runs that were put back in the order of their submission", () => {
    const intake = filled(10, 4);
    const taken = [1, 2, 3].map(() => intake.take(0) as RunRecord);
    for (const at of [1, 0, 2]) intake.putBack(taken[at] as RunRecord);
    expect(rest(intake)).toEqual([1, 2, 3, 4]);
  });

  test("gives a run that was removed no more, whether it was put back or never taken", () => {
    const intake = new Intake(fifo, 10, () => outlook);
    const runs = [1, 2, 3].map(record);
    for (const run of runs) intake.add(run, run.order);
    intake.putBack(intake.take(0) as RunRecord);
    for (const run of [runs[0], runs[2], runs[0]]) intake.remove(run as RunRecord);
    expect(intake.size).toBe(1);
    expect(rest(intake)).toEqual([2]);
    intake.remove(runs[1] as RunRecord);
    expect(intake.size).toBe(0);
  });
});
