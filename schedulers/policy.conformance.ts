import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy, Schedulable, TaskFacts } from "./policy.js";

/** A task as policies see it, with a number by which tests know it. */
export interface TestTask extends Schedulable {
  readonly number: number;
}

/** A task of which only `facts` matter. */
export function testTask(number: number, facts: Partial<TaskFacts> = {}): TestTask {
  return {
    number,
    place: -1,
    note: Number.NaN,
    runId: "run",
    task: "task",
    category: "task",
    order: 0,
    position: 0,
    readyAt: 0,
    submittedAt: 0,
    priority: 0,
    estimate: undefined,
    deadline: undefined,
    cpus: 1,
    memory: undefined,
    remainingPath: 0,
    attempt: 1,
    inputBytes: 0,
    ...facts,
  };
}

/**
 * What a policy goes by: the task with the lowest key goes first, its first number first.
 *
 * @param insertedAt when the task was inserted
 * @param now when one is taken
 */
export type KeyOf = (task: TaskFacts, insertedAt: number, now: number) => readonly number[];

type Step =
  /** A new task, or one of those seen so far that is not there. */
  | { readonly do: "insert"; readonly facts: Partial<TaskFacts>; readonly seed: number }
  | { readonly do: "take" }
  /** Removes one of the tasks seen so far, in the policy or not. */
  | { readonly do: "remove"; readonly seed: number }
  /** So do facts of one change. */
  | { readonly do: "reprioritise"; readonly seed: number; readonly facts: Partial<TaskFacts> };

const few = fc.nat(3);
const time = fc.nat(20);
const maybeTime = fc.option(time, { nil: undefined });
const facts = fc.record({
  runId: fc.constantFrom("a", "b", "c"),
  task: fc.constantFrom("x", "y"),
  order: few,
  position: few,
  readyAt: fc.oneof({ weight: 1, arbitrary: time }, { weight: 3, arbitrary: fc.integer({ min: 20, max: 22 }) }),
  submittedAt: time,
  priority: fc.integer({ min: -2, max: 2 }),
  estimate: maybeTime,
  deadline: maybeTime,
  remainingPath: few,
  attempt: fc.integer({ min: 1, max: 3 }),
  inputBytes: few,
});
const seed = fc.nat();
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("insert" as const), facts, seed }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("take" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), seed }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reprioritise" as const), seed, facts }) },
);
const steps = fc.array(step, { maxLength: 300, size: "max" });

/** A failure is not simplified for ever: a program may have hundreds of steps. */
const limits = { interruptAfterTimeLimit: 5000 };

/** Tasks in the order that a policy has to keep, found by looking at all of them. */
class Model {
  readonly #keyOf: KeyOf;
  /** In the order of insertion: facts that are not changed behind the policy's back, and when each was inserted. */
  readonly #tasks = new Map<TestTask, { readonly facts: TaskFacts; readonly insertedAt: number }>();

  constructor(keyOf: KeyOf) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#tasks.size;
  }

  insert(task: TestTask, now: number): void {
    this.#tasks.set(task, { facts: { ...task }, insertedAt: now });
  }

  remove(task: TestTask): boolean {
    return this.#tasks.delete(task);
  }

  first(now: number): TestTask | undefined {
    let first: TestTask | undefined;
    let firstKey: readonly number[] = [];
    for (const [task, { facts, insertedAt }] of this.#tasks) {
      const key = [...this.#keyOf(facts, insertedAt, now), facts.order, facts.position];
      const at = key.findIndex((part, index) => part !== firstKey[index]);
      if (first !== undefined && (at < 0 || (key[at] as number) > (firstKey[at] as number))) continue;
      first = task;
      firstKey = key;
    }
    return first;
  }

  has(task: TestTask): boolean {
    return this.#tasks.has(task);
  }
}

/** As a model of a policy whose order is told in another way: any task that is there may be the first. */
class AnyOrder extends Model {
  readonly #policy: Policy<TestTask>;
  #taken: TestTask | undefined;

  constructor(policy: Policy<TestTask>) {
    super(() => []);
    this.#policy = policy;
  }

  override first(now: number): TestTask | undefined {
    this.#taken = this.#policy.take(now);
    if (this.#taken !== undefined) expect(this.has(this.#taken)).toBe(true);
    else expect(this.size).toBe(0);
    return this.#taken;
  }

  /** What `first` has taken. */
  get policy(): Pick<Policy<TestTask>, "take"> {
    return { take: () => this.#taken };
  }
}

/** Carries out steps, then takes what is left, and checks that the policy does as the model does. */
function carryOut(policy: Policy<TestTask>, model: Model, program: readonly Step[]): void {
  const seen: TestTask[] = [];
  const picked = (step: { readonly seed: number }): TestTask => seen[step.seed % (seen.length + 1)] ?? testTask(-1);
  const take = (now: number) => {
    const first = model.first(now);
    if (first !== undefined) model.remove(first);
    expect((model instanceof AnyOrder ? model.policy : policy).take(now)?.number).toBe(first?.number);
    expect(first?.place ?? -1).toBe(-1);
  };
  const insert = (task: TestTask, now: number) => {
    if (task.number < 0) seen.push(Object.assign(task, { number: seen.length }));
    model.insert(task, now);
    policy.insert(task, now);
  };
  program.forEach((next, now) => {
    if (next.do === "take") take(now);
    else if (next.do === "insert") {
      const task = picked(next);
      insert(Object.assign(model.has(task) ? testTask(-1) : task, next.facts), now);
    } else {
      const task = picked(next);
      const isThere = model.remove(task);
      if (next.do === "remove") expect(policy.remove(task)).toBe(isThere);
      else {
        Object.assign(task, next.facts);
        if (isThere) model.insert(task, now);
        expect(policy.reprioritise(task, now)).toBe(isThere);
      }
      if (!model.has(task)) expect(task.place).toBe(-1);
    }
    expect(policy.size).toBe(model.size);
  });
  while (model.size > 0) take(program.length);
  expect(policy.size).toBe(0);
  expect(policy.take(program.length)).toBe(undefined);
  expect(seen.every(({ place }) => place === -1)).toBe(true);
}

/**
 * What every policy has to keep, whatever its order is.
 *
 * @param make gives a new, empty one, always the same
 * @param keyOf its order; undefined: it is tested elsewhere
 */
export function policyConformance(name: string, make: () => Policy<TestTask>, keyOf: KeyOf | undefined): void {
  describe(`policy ${name}`, () => {
    test("bears its name", () => {
      expect(make().name).toBe(name);
    });

    test("gives nothing while it is empty", () => {
      const policy = make();
      expect(policy.size).toBe(0);
      expect(policy.take(0)).toBe(undefined);
      expect(policy.remove(testTask(0))).toBe(false);
      expect(policy.reprioritise(testTask(0), 0)).toBe(false);
      policy.insert(testTask(1), 0);
      expect(policy.take(0)?.number).toBe(1);
      expect(policy.take(0)).toBe(undefined);
    });

    test("gives everything once, in its order, whatever is removed and changed meanwhile; equals by order, position and insertion", () => {
      fc.assert(
        fc.property(steps, (program) => {
          const policy = make();
          carryOut(policy, keyOf === undefined ? new AnyOrder(policy) : new Model(keyOf), program);
        }),
        limits,
      );
    });

    test("leaves what another one holds alone", () => {
      const [one, other] = [make(), make()];
      const [here, there] = [testTask(1), testTask(2)];
      one.insert(here, 0);
      other.insert(there, 0);
      expect(one.remove(there)).toBe(false);
      expect(one.reprioritise(there, 0)).toBe(false);
      expect(one.take(0)).toBe(here);
      expect(one.take(0)).toBe(undefined);
      expect(other.take(0)).toBe(there);
    });

    test("looks at facts n log n times", () => {
      policyAtScale(make(), 10_000);
    });
  });
}

/** Looks at facts for each task and each bisection of their number: a comparison reads up to six, some orders compare four times a level. */
const readsMax = 20;

/** A task that counts how often a policy looks at its facts. */
class CountingTask implements TestTask {
  static reads = 0;
  readonly runId = "run";
  readonly task = "task";
  readonly category = "task";
  readonly submittedAt = 0;
  readonly cpus = 1;
  readonly memory = undefined;
  readonly attempt = 1;
  readonly inputBytes = 0;
  readonly number: number;
  /** The number, without any order in it. */
  readonly #mixed: number;
  place = -1;
  note = Number.NaN;

  constructor(number: number) {
    this.number = number;
    this.#mixed = Math.imul(number, 0x9e3779b1) >>> 0;
  }

  get order(): number {
    return this.#read(this.#mixed % 7);
  }

  get position(): number {
    return this.#read(this.#mixed % 1_009);
  }

  /** In order, but for one of a hundred. */
  get readyAt(): number {
    return this.#read(this.#mixed % 100 === 0 ? this.#mixed : this.number);
  }

  get priority(): number {
    return this.#read(this.#mixed % 5);
  }

  get estimate(): number | undefined {
    return this.#read(this.#mixed % 100_003);
  }

  get deadline(): number | undefined {
    return this.#read(this.#mixed % 100_019);
  }

  get remainingPath(): number {
    return this.#read(this.#mixed % 100_043);
  }

  #read(fact: number): number {
    CountingTask.reads += 1;
    return fact;
  }
}

/** So many tasks go in, a tenth of them out and in again, and all of them out, without more than n log n looks at their facts. */
export function policyAtScale(policy: Policy<TestTask>, count: number): void {
  const tasks = Array.from({ length: count }, (_, number) => new CountingTask(number));
  const tenth = tasks.filter(({ number }) => number % 10 === 0);
  const isTaken = new Uint8Array(count);
  CountingTask.reads = 0;
  for (const task of tasks) policy.insert(task, 0);
  const areRemoved = tenth.every((task) => policy.remove(task) && task.place === -1);
  for (const task of tenth) policy.insert(task, 0);
  const areMoved = tenth.every((task) => policy.reprioritise(task, 0));
  for (let task = policy.take(0); task !== undefined; task = policy.take(0)) isTaken[task.number] = 1;
  expect([areRemoved, areMoved, isTaken.includes(0), policy.size]).toEqual([true, true, false, 0]);
  expect(CountingTask.reads / (count * Math.log2(count))).toBeLessThan(readsMax);
}
