import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPolicy, Learners, RunTimeModel, type RunTimeSnapshot } from "./index.js";
import { learned } from "./learned.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";
import type { TaskFacts } from "./policy.js";

const make = (learners?: Learners) => createPolicy<TestTask>(learned, { random: () => 0, ...(learners && { learners }) });

policyConformance(
  "learned",
  () => make(),
  ({ estimate, readyAt }) => (estimate === undefined ? [Number.POSITIVE_INFINITY, readyAt] : [estimate, 0]),
);

/** A task that has been asked for its size. */
const noted = (facts: Partial<TaskFacts>) => Object.assign(testTask(1, facts), { note: facts.inputBytes ?? 0 });

function taught(times: readonly (readonly [Partial<TaskFacts>, number])[]): RunTimeModel {
  const model = new RunTimeModel();
  for (const [facts, ms] of times) model.observe(noted(facts), ms);
  return model;
}

const bySize = (count: number) =>
  Array.from({ length: count }, (_, at) => [{ inputBytes: 100 * (1 + (at % 50)) }, 2 * (1 + (at % 50))] as const);
const kindOf = (model: RunTimeModel) => (model.snapshot() as RunTimeSnapshot).kinds[0];

describe("the model of run times", () => {
  test("knows nothing at first, then goes by estimates, by the median of all, and by what it has learnt of a kind", () => {
    const model = new RunTimeModel();
    expect(model.expectedMs(testTask(1), 0)).toBe(undefined);
    expect(model.expectedMs(testTask(1, { estimate: 7 }), 0)).toBe(7);
    for (let count = 0; count < 7; count++) model.observe(noted({ category: "a" }), 100);
    expect(model.expectedMs(testTask(1, { category: "a", estimate: 7 }), 0)).toBe(7);
    expect(model.expectedMs(testTask(1, { category: "b" }), 0)).toBeCloseTo(100, -1);
    model.observe(noted({ category: "a" }), 100);
    expect(model.expectedMs(testTask(1, { category: "a", estimate: 7 }), 0)).toBeCloseTo(100, -1);
    expect(model.expectedMs(testTask(1, { category: "b", estimate: 7 }), 0)).toBe(7);
  });

  test("learns how run times grow with inputs, also beyond those that it has seen, but not without bound", () => {
    const model = taught(bySize(500));
    const at = (inputBytes: number) => model.expectedMs(testTask(1), inputBytes) as number;
    expect(at(2_500) / 50).toBeCloseTo(1, 0);
    expect(at(10_000) / 200).toBeCloseTo(1, 0);
    expect(at(1e12)).toBeLessThan(10_000);
  });

  test("tells tasks apart by what they reserve, and believes what it has seen often more than once", () => {
    const often = Array.from({ length: 100 }, (_, at) =>
      at % 2 === 0 ? ([{ cpus: 1, memory: 5 }, 10] as const) : ([{ cpus: 2, memory: 3 }, 1_000] as const),
    );
    const model = taught(often);
    expect((model.expectedMs(testTask(1, { cpus: 1, memory: 5 }), 0) as number) / 10).toBeCloseTo(1, 0);
    expect((model.expectedMs(testTask(1, { cpus: 2, memory: 3 }), 0) as number) / 1_000).toBeCloseTo(1, 0);
  });

  test("says that it does not know a kind whose run times changed altogether, and goes by estimates until it does", () => {
    const changing = Array.from({ length: 64 }, (_, at) => [{}, at < 32 ? 1 : 1_000 * (1 + (at % 2))] as const);
    const model = taught(changing.slice(0, 32));
    expect(kindOf(model)?.isKnown).toBe(true);
    for (const [facts, ms] of changing.slice(32, 48)) model.observe(noted(facts), ms);
    expect(kindOf(model)).toMatchObject({ isKnown: false, count: 48 });
    expect(model.expectedMs(testTask(1, { estimate: 5 }), 0)).toBe(5);
  });

  test("passes over what is no time, and what it never asked the size of", () => {
    const model = new RunTimeModel();
    for (const ms of [Number.NaN, -1, Number.POSITIVE_INFINITY]) model.observe(noted({}), ms);
    model.observe(testTask(1), 5);
    expect(model.expectedMs(testTask(1), 0)).toBe(undefined);
    expect(model.expectedMs(testTask(1, { estimate: Number.NaN }), 0)).toBe(undefined);
    expect(model.expectedMs(testTask(1, { estimate: -3 }), 0)).toBe(undefined);
  });

  test("another one that is told what it has learnt predicts the same", () => {
    const model = taught(bySize(300));
    const other = new RunTimeModel();
    other.absorb(JSON.parse(JSON.stringify(model.snapshot())));
    for (const inputBytes of [0, 100, 1_234, 1e6])
      expect(other.expectedMs(testTask(1), inputBytes)).toBe(model.expectedMs(testTask(1), inputBytes));
    expect(kindOf(other)).toEqual(kindOf(model));
  });

  test("stays finite and within bounds, whatever it sees", () => {
    const time = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.constantFrom(0, 1e-300, 1e300));
    const seen = fc.record({
      category: fc.stringMatching(/^[a-z]{1,2}$/),
      cpus: fc.constantFrom(0, 0.001, 1, 64),
      memory: fc.constantFrom(undefined, 0, 1, 1e12),
      attempt: fc.integer({ min: 1, max: 3 }),
      inputBytes: fc.constantFrom(0, 1, 1e9, 1e15),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(seen, time), { maxLength: 400, size: "max" }), (times) => {
        const model = taught(times);
        for (const [facts] of times) {
          const expected = model.expectedMs(testTask(1, facts), facts.inputBytes);
          expect(expected).toSatisfy((ms: number) => ms > 0 && Number.isFinite(ms));
        }
        expect((model.snapshot() as RunTimeSnapshot).kinds.length).toBeLessThanOrEqual(65);
      }),
      { numRuns: 50 },
    );
  });
});

describe("learned", () => {
  test("the shortest goes first by what was seen, and what waits is ranked anew as it is learnt", () => {
    const learners = new Learners();
    const policy = make(learners);
    const tasks = Array.from({ length: 40 }, (_, at) =>
      testTask(at, { category: at % 2 === 0 ? "long" : "short", order: at, readyAt: at }),
    );
    for (const task of tasks) policy.insert(task, 0);
    for (let count = 0; count < 20; count++) {
      const task = policy.take(0) as TestTask;
      policy.observe?.(task, { serviceMs: task.category === "long" ? 1_000 : 1, isOk: true });
    }
    const left = Array.from({ length: policy.size }, () => policy.take(0)?.category);
    expect(left.slice(0, left.lastIndexOf("short") + 1)).not.toContain("long");
    expect(left).toContain("long");
  });

  test("attempts that failed teach nothing", () => {
    const learners = new Learners();
    const policy = make(learners);
    for (let number = 0; number < 20; number++) policy.insert(testTask(number), 0);
    for (let task = policy.take(0); task !== undefined; task = policy.take(0)) policy.observe?.(task, { serviceMs: 5, isOk: false });
    expect(learners.snapshots().learned).toEqual({ kinds: [] });
  });

  test("policies of one thread learn together", () => {
    const learners = new Learners();
    const [one, other] = [make(learners), make(learners)];
    for (let number = 0; number < 20; number++) {
      one.insert(testTask(number, { category: "quick" }), 0);
      one.observe?.(one.take(0) as TestTask, { serviceMs: 2, isOk: true });
    }
    other.insert(testTask(1, { category: "other", estimate: 3 }), 0);
    other.insert(testTask(2, { category: "quick", estimate: 9 }), 0);
    expect(other.take(0)?.number).toBe(2);
  });
});
