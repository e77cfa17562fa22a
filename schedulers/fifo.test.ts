import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fifo } from "./fifo.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";

policyConformance("fifo", () => new Fifo());

describe("Fifo", () => {
  test("goes by the order of insertion alone", () => {
    const policy = new Fifo<TestTask>();
    policy.insert(testTask(0, { priority: -5, readyAt: 9, deadline: 99 }));
    policy.insert(testTask(1, { priority: 5, readyAt: 1, deadline: 1 }));
    expect(policy.take()?.number).toBe(0);
    expect(policy.take()?.number).toBe(1);
  });

  test("is a queue, however many wait when tasks are taken", () => {
    const burst = fc.record({ inserts: fc.nat(200), takes: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(burst, { maxLength: 20 }), (bursts) => {
        const policy = new Fifo<TestTask>();
        let inserted = 0;
        let next = 0;
        for (const { inserts, takes } of bursts) {
          for (let count = 0; count < inserts; count++) policy.insert(testTask(inserted++));
          for (let count = 0; count < takes && next < inserted; count++) expect(policy.take()?.number).toBe(next++);
          expect(policy.size).toBe(inserted - next);
        }
      }),
    );
  });

  test("finds a task to remove behind others that have been taken", () => {
    const policy = new Fifo<TestTask>();
    const tasks = Array.from({ length: 300 }, (_, number) => testTask(number));
    for (const task of tasks) policy.insert(task);
    for (let count = 0; count < 100; count++) policy.take();
    expect(policy.remove(tasks[50] as TestTask)).toBe(false);
    expect(policy.remove(tasks[200] as TestTask)).toBe(true);
    expect(policy.remove(tasks[200] as TestTask)).toBe(false);
    const rest = Array.from({ length: policy.size }, () => policy.take()?.number);
    expect(rest).toEqual(Array.from({ length: 200 }, (_, index) => index + 100).filter((number) => number !== 200));
  });
});
