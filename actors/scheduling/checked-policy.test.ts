import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Fifo,
  type Observation,
  type Policy,
  type PolicyDefinition,
  type PolicyOrder,
  type PolicyTools,
  Ranked,
} from "../../schedulers/index.js";
import { policyConformance, type TestTask, testTask } from "../../schedulers/policy.conformance.js";
import type { DataFlowerError } from "../kernel/errors.js";
import { createReadyPolicy } from "./ready-policy.js";
import type { Refusable } from "./refusable.js";

/** A task that remembers why it was refused. */
interface HeardTask extends TestTask, Refusable {
  error: DataFlowerError | undefined;
}

function heardTask(number: number): HeardTask {
  return Object.assign(testTask(number, { readyAt: number }), {
    error: undefined,
    refuse(this: HeardTask, error: DataFlowerError) {
      this.error = error;
    },
  });
}

const definitionOf = (order: PolicyOrder): PolicyDefinition => ({ name: "mine", module: "file:///mine.js", order });
const made = (order: PolicyOrder): Policy<HeardTask> => createReadyPolicy<HeardTask>(definitionOf(order), { random: () => 0.5 });

/** Keeps a list that is sorted at every take, and no places. */
class Sorting<Task extends TestTask> implements Policy<Task> {
  readonly name = "mine";
  readonly #tasks: Task[] = [];

  get size(): number {
    return this.#tasks.length;
  }

  insert(task: Task): void {
    this.#tasks.push(task);
  }

  take(): Task | undefined {
    this.#tasks.sort((a, b) => b.priority - a.priority || a.order - b.order || a.position - b.position);
    return this.#tasks.shift();
  }

  remove(task: Task): boolean {
    const at = this.#tasks.indexOf(task);
    if (at >= 0) this.#tasks.splice(at, 1);
    return at >= 0;
  }

  reprioritise(task: Task): boolean {
    if (!this.remove(task)) return false;
    this.insert(task);
    return true;
  }
}

/** Gives its first task for ever. */
class Twice extends Sorting<HeardTask> {
  #first: HeardTask | undefined;

  override take(): HeardTask | undefined {
    const task = super.take();
    this.#first ??= task;
    return this.#first;
  }
}

/** A policy of a user's own, made by a function without types. */
const creates = (create: (tools: PolicyTools) => unknown): PolicyOrder => ({ create }) as PolicyOrder;

policyConformance(
  "mine",
  () => made({ rank: (task) => -task.priority }),
  ({ priority }) => [-priority],
);
policyConformance(
  "mine",
  () => made({ before: (a, b) => a.priority > b.priority }),
  ({ priority }) => [-priority],
);
policyConformance(
  "mine",
  () => made(creates(() => new Ranked("mine", { rank: ({ priority }) => -priority }))),
  ({ priority }) => [-priority],
);

test("a policy of DataFlower's own is not guarded", () => {
  expect(createReadyPolicy({ ...definitionOf(creates(() => new Fifo())), module: undefined }, { random: () => 0 })).toBeInstanceOf(Fifo);
});

/** A sound policy in which one method does something else from its `from`-th call on. */
function faulty(method: keyof Policy, fault: (sound: Fifo<HeardTask>, task: HeardTask) => unknown, from: number): PolicyOrder {
  return creates(() => {
    const sound = new Fifo<HeardTask>();
    let calls = 0;
    const answer = (task: HeardTask) => {
      const given = sound[method as "insert"](task);
      return ++calls >= from ? fault(sound, task) : given;
    };
    const call = (name: "insert" | "take" | "remove" | "reprioritise") =>
      name === method ? answer : (task: HeardTask) => sound[name](task);
    return {
      insert: call("insert"),
      take: call("take"),
      remove: call("remove"),
      reprioritise: call("reprioritise"),
      get size() {
        return method === "size" && ++calls >= from ? fault(sound, heardTask(-1)) : sound.size;
      },
    };
  });
}

const torn = new Error("torn");
const tears = (): never => {
  throw torn;
};

/** What a breach is told by: the policy's order, and how the message ends. */
const breaches: readonly [what: string, order: PolicyOrder, rule: string, cause?: unknown][] = [
  ["ranks by NaN", { rank: () => Number.NaN }, "rank by numbers: found NaN"],
  ["ranks by nothing", { rank: () => undefined as unknown as number }, "rank by numbers: found undefined"],
  ["ranks by a text", { rank: () => "1" as unknown as number }, 'rank by numbers: found "1"'],
  ["throws in rank", { rank: tears }, "not throw in insert: found it threw Error: torn", torn],
  ["throws in before", { before: tears }, "not throw in insert: found it threw Error: torn", torn],
  ["throws in create", creates(tears), "not throw in create: found it threw Error: torn", torn],
  ["creates nothing", creates(() => undefined), "have a method insert: found undefined"],
  ["creates half a policy", creates(() => ({ insert() {}, take() {}, size: 0 })), "have a method remove: found [object Object]"],
  ["throws in insert", faulty("insert", tears, 2), "not throw in insert: found it threw Error: torn", torn],
  ["throws in take", faulty("take", tears, 1), "not throw in take: found it threw Error: torn", torn],
  ["throws in size", faulty("size", tears, 2), "not throw in size: found it threw Error: torn", torn],
  ["loses a task", faulty("insert", (sound, task) => sound.remove(task), 2), "have the size 2: found 1"],
  ["tells another size", faulty("size", () => "many", 1), 'have the size 1: found "many"'],
  ["gives a task twice", creates(() => new Twice()), "give each task that it holds once, and nothing else: found another one"],
  [
    "gives a task of its own",
    faulty("take", () => heardTask(9), 2),
    "give each task that it holds once, and nothing else: found another one",
  ],
  ["gives null", faulty("take", () => null, 1), "give each task that it holds once, and nothing else: found another one"],
  ["gives nothing", faulty("take", () => undefined, 2), "give a task while it holds some: found nothing"],
];

describe("a policy that", () => {
  test.each(breaches)("%s has all that it still holds given, refused, in FIFO order", (_, order, rule, cause) => {
    const policy = made(order);
    const tasks = [2, 0, 1].map(heardTask);
    for (const task of tasks) policy.insert(task, 0);
    const taken: (HeardTask | undefined)[] = [];
    for (let left = tasks.length; left > 0; left--) {
      expect(policy.size).toBe(left);
      taken.push(policy.take(0));
    }
    expect(policy.size).toBe(0);
    expect(policy.take(0)).toBe(undefined);
    const refused = taken.filter((task) => task?.error !== undefined);
    expect(new Set(taken)).toEqual(new Set(tasks));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.map((task) => task?.number)).toEqual(refused.map((task) => task?.number).toSorted());
    for (const task of refused) {
      expect(task?.error).toMatchObject({ code: "DF_SCHEDULER_FAILED", message: `Cannot go on with policy mine as it must ${rule}` });
      expect(task?.error?.cause).toBe(cause);
      expect(task?.place).toBe(-1);
    }
  });

  test.each(["remove", "reprioritise"] as const)("throws in %s, or does not find what it holds, is broken by that", (method) => {
    for (const fault of [tears, () => false]) {
      const policy = made(faulty(method, fault, 1));
      const [one, other] = [heardTask(1), heardTask(2)];
      policy.insert(one, 0);
      policy.insert(other, 0);
      expect(policy[method](one, 0)).toBe(true);
      expect(policy[method](heardTask(3), 0)).toBe(false);
      expect(other.error?.code).toBe("DF_SCHEDULER_FAILED");
      expect(policy.reprioritise(other, 0)).toBe(true);
      expect(policy.remove(other)).toBe(true);
      expect(policy.remove(other)).toBe(false);
    }
  });

  test("throws once is given another chance, empty, when all that it held has been given", () => {
    let isTorn = true;
    const policy = made({ rank: (task) => (isTorn ? tears() : -task.readyAt) });
    const [one, two, three] = [heardTask(1), heardTask(2), heardTask(3)];
    policy.insert(one, 0);
    isTorn = false;
    policy.insert(two, 0);
    expect([policy.take(0), policy.take(0), two.error === one.error]).toEqual([one, two, true]);
    policy.insert(three, 0);
    policy.insert(heardTask(4), 0);
    expect([policy.take(0)?.number, policy.take(0), three.error]).toEqual([4, three, undefined]);
  });

  test("throws in observe while it holds nothing has the next task refused", () => {
    const policy = made(creates(() => Object.assign(new Sorting(), { observe: tears })));
    policy.observe?.(heardTask(0), { serviceMs: 1, isOk: true });
    const task = heardTask(1);
    policy.insert(task, 0);
    expect(policy.take(0)).toBe(task);
    expect(task.error?.message).toContain("not throw in observe");
  });

  test("learns is told how attempts went, and one that does not has nothing to be told by", () => {
    const observed: Observation[] = [];
    const observe = (_: unknown, observation: Observation) => void observed.push(observation);
    made(creates(() => Object.assign(new Sorting(), { observe }))).observe?.(heardTask(0), { serviceMs: 3, isOk: false });
    expect(observed).toEqual([{ serviceMs: 3, isOk: false }]);
    expect(made({ rank: () => 0 }).observe).toBe(undefined);
  });

  test("does anything at any time loses no task and gives none twice", () => {
    const methods = fc.constantFrom<keyof Policy>("insert", "take", "remove", "reprioritise", "size");
    const faults = fc.constantFrom<(sound: Fifo<HeardTask>, task: HeardTask) => unknown>(
      tears,
      () => undefined,
      () => true,
      () => 7,
      (sound) => sound.take(),
      (sound, task) => void (sound.size < 50 && sound.insert(task)),
      (_, task) => task,
    );
    const calls = fc.array(fc.constantFrom("insert", "insert", "take", "remove", "reprioritise"), { maxLength: 60 });
    fc.assert(
      fc.property(methods, faults, fc.integer({ min: 1, max: 30 }), calls, (method, fault, from, program) => {
        const policy = made(faulty(method, fault, from));
        const there = new Set<HeardTask>();
        program.forEach((call, number) => {
          const [some = heardTask(-1)] = there;
          if (call === "insert") {
            const task = heardTask(number);
            there.add(task);
            policy.insert(task, number);
          } else if (call === "take") {
            const task = policy.take(number);
            expect(task === undefined ? there.size === 0 : there.delete(task)).toBe(true);
          } else if (call === "remove") expect(policy.remove(some)).toBe(there.delete(some));
          else expect(policy.reprioritise(some, number)).toBe(there.has(some));
          expect(policy.size).toBe(there.size);
        });
        for (let left = there.size; left > 0; left--) expect(there.delete(policy.take(0) as HeardTask)).toBe(true);
      }),
    );
  });
});
