import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResolvedTaskOptions } from "../../actors/workflow/graph.js";
import { builtInPolicy, Fifo, type Policy, type PolicyDefinition, type Schedulable, type TaskFacts } from "../../schedulers/index.js";
import { hasSharedData, warnWithoutSharedData } from "../shared-data.fixture.js";
import { readBag } from "./bag.js";
import { noCosts, parseDispatchCosts } from "./dispatch-costs.js";
import { type Machine, plainMachines } from "./machine.js";
import { simulate as simulated } from "./simulate.js";
import type { SimulationOptions } from "./simulation-options.js";
import type { Decision, SimulationResult } from "./simulation-result.js";
import { type RecordedTask, recordedTasks, references, simulatedRecording } from "./trace.fixture.js";
import type { SimulatedRun } from "./workload.js";

const fifo = builtInPolicy("fifo") as PolicyDefinition; // there is one of that name
const [plain] = plainMachines(1) as [Machine];

function simulate(runs: readonly SimulatedRun[], options: Partial<SimulationOptions> = {}): SimulationResult {
  return simulated({ runs, machines: 1, dispatch: "workers", ...options });
}

function runOf(tasks: readonly RecordedTask[], submitMs = 0, defaults: Partial<ResolvedTaskOptions> = {}): SimulatedRun {
  return { workflow: simulatedRecording({ name: "recording", tasks, defaults }), submitMs, priority: 0, deadlineMs: undefined };
}

const alone = (ms: number): RecordedTask => ({ ms, parents: [] });
const chain = (...durations: number[]): RecordedTask[] => durations.map((ms, at) => ({ ms, parents: at === 0 ? [] : [at - 1] }));
const sum = (tasks: readonly RecordedTask[]): number => tasks.reduce((total, { ms }) => total + ms, 0);
const costsOf = (costs: object) => parseDispatchCosts(JSON.stringify(costs), "costs.json");
const decisionsOf = (result: SimulationResult): readonly Decision[] => result.decisions as readonly Decision[]; // they were asked for

/** Graphs in which every task waits for some before it. */
const graphs = fc
  .array(fc.record({ ms: fc.integer({ min: 0, max: 50 }), parents: fc.array(fc.nat(), { maxLength: 3 }) }), { minLength: 1, maxLength: 40 })
  .map((tasks) =>
    tasks.map(({ ms, parents }, at) => ({ ms, parents: at === 0 ? [] : [...new Set(parents.map((parent) => parent % at))] })),
  );

const someCosts = costsOf({
  dispatchUs: { p50: 100, p90: 2000, p99: 5000, max: 9000 },
  hopUs: { p50: 50, p90: 90, p99: 99, max: 7000 },
  commitUs: 40,
});

describe("workers, simulated", () => {
  test("one worker takes as long as all tasks together", () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const result = simulate([runOf(tasks)]);
        expect(result.makespanMs).toBe(sum(tasks));
        expect(result).toMatchObject({
          scheduler: "fifo",
          dispatch: "workers",
          machines: 1,
          cores: 1,
          runs: 1,
          tasks: tasks.length,
          failedRuns: 0,
        });
      }),
    );
  });

  test("every task starts once, behind all that it waits for, and no machine executes more than it has cores", () => {
    const workloads = fc.record({
      runs: fc.array(fc.record({ tasks: graphs, submitMs: fc.nat(60) }), { minLength: 1, maxLength: 4 }),
      cores: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
      costs: fc.constantFrom(noCosts, someCosts),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(workloads, ({ runs, cores, costs, seed }) => {
        const sorted = [...runs].sort((one, other) => one.submitMs - other.submitMs);
        const machines = cores.map((count) => ({ ...plain, cores: count }));
        const simulated = sorted.map(({ tasks, submitMs }) => runOf(tasks, submitMs));
        const result = simulate(simulated, { machines, costs, seed, decisions: true });
        const started = new Map(decisionsOf(result).map((decision) => [`${decision.run} ${decision.task}`, decision]));
        expect(decisionsOf(result)).toHaveLength(started.size);
        expect(started.size).toBe(sorted.reduce((count, { tasks }) => count + tasks.length, 0));
        sorted.forEach(({ tasks, submitMs }, run) => {
          const startOf = (task: number): number => started.get(`${run} task-${task}`)?.atMs as number;
          tasks.forEach(({ parents }, task) => {
            const readyMs = Math.max(submitMs, ...parents.map((parent) => startOf(parent) + (tasks[parent]?.ms as number)));
            expect(startOf(task)).toBeGreaterThanOrEqual(readyMs - 1e-9);
          });
        });
        machines.forEach(({ cores: count }, machine) => {
          const own = decisionsOf(result).filter((decision) => decision.machine === machine);
          const endOf = ({ run, task, atMs }: Decision): number => atMs + (sorted[run]?.tasks[Number(task.slice(5))]?.ms as number);
          for (const { atMs } of own) {
            expect(own.filter((other) => other.atMs <= atMs && endOf(other) > atMs + 1e-9).length).toBeLessThanOrEqual(count);
          }
        });
      }),
    );
  });

  test("every run ends, whatever fails on the way", () => {
    const workloads = fc.record({
      runs: fc.array(graphs, { minLength: 1, maxLength: 6 }),
      cores: fc.integer({ min: 1, max: 8 }),
      failureRate: fc.constantFrom(0.02, 0.2, 0.9),
      attempts: fc.constantFrom(1, 2),
      onFailure: fc.constantFrom("fail", "skip-dependents"),
      costs: fc.constantFrom(noCosts, someCosts, costsOf({ hopUs: 20_000 })),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(workloads, ({ runs, cores, failureRate, attempts, onFailure, costs, seed }) => {
        const machines = [{ ...plain, cores, failureRate }];
        const simulated = runs.map((tasks) => runOf(tasks, 0, { attempts, onFailure }));
        expect(simulate(simulated, { machines, costs, seed }).runs).toBe(runs.length);
      }),
      { numRuns: 200 },
    );
  });

  test("the same seed gives the same bytes, another one others", () => {
    const runs = () =>
      Array.from({ length: 5 }, (_, run) => runOf(chain(...Array.from({ length: 20 }, () => run + 1)), run, { attempts: 9 }));
    const machines = [{ ...plain, cores: 3, failureRate: 0.1 }];
    const bytes = (seed: number) => JSON.stringify({ ...simulate(runs(), { machines, seed, costs: someCosts, decisions: true }), seed: 0 });
    expect(bytes(7)).toBe(bytes(7));
    expect(bytes(7)).not.toBe(bytes(8));
  });

  test("a dispatch is added to each attempt, a hop to what goes to another thread, a commit to the run's end", () => {
    const costs = costsOf({ dispatchUs: 250, hopUs: 5000, commitUs: 7000 });
    expect(simulate([runOf(chain(10, 20, 30))], { costs }).makespanMs).toBe(5 + 3 * 0.25 + 60 + 7);
    // Ticket of the run, ticket of the second task, its dispatch and the task itself, report of the run's end, commit.
    const result = simulate([runOf([alone(100), alone(100)])], { machines: plainMachines(2), costs });
    expect(result.makespanMs).toBe(5 + 5 + 0.25 + 100 + 5 + 7);
    expect(result.waitMs).toMatchObject({ count: 2, p50: 5.25, max: 10.25 });
  });

  test("what runs take is told", () => {
    const machines = [{ ...plain, coldStartMs: 50, keepAliveMs: 100, pricePerHour: 360_000 }];
    const runs = [0, 100, 300].map((submitMs) => ({ ...runOf([alone(10)], submitMs), deadlineMs: submitMs + 20 }));
    expect(simulate(runs, { machines, decisions: true })).toEqual({
      ...{ scheduler: "fifo", dispatch: "workers", machines: 1, cores: 1, seed: 1, runs: 3, failedRuns: 0, tasks: 3 },
      makespanMs: 360,
      waitMs: { count: 3, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 },
      slowdown: { count: 3, mean: 13 / 3, p50: 6, p90: 6, p99: 6, max: 6 },
      deadlineMisses: 2,
      costUsd: 13,
      utilisation: 130 / 360,
      learned: {},
      decisions: [0, 100, 300].map((atMs, run) => ({ atMs, run, task: "task-0", attempt: 1, machine: 0 })),
    });
  });

  test("a failed attempt is repeated, by the options of its task", () => {
    const machines = [{ ...plain, cores: 2, failureRate: 0.5 }];
    const repeated = simulate([runOf(chain(...new Array<number>(20).fill(5)), 0, { attempts: 50 })], { machines, decisions: true });
    expect(repeated).toMatchObject({ runs: 1, failedRuns: 0 });
    expect(repeated.tasks).toBeGreaterThan(20);
    expect(decisionsOf(repeated).some(({ attempt }) => attempt > 1)).toBe(true);
    expect(simulate([runOf(chain(5, 5))], { machines: [{ ...plain, failureRate: 1 }] })).toMatchObject({
      runs: 1,
      failedRuns: 1,
      tasks: 1,
    });
  });

  test("guests of a failed run give it up", () => {
    const machines = [{ ...plain, failureRate: 1 }, plain];
    const runs = [runOf([alone(100), alone(1000)]), runOf([alone(100)], 1), runOf([alone(100)], 1)];
    const result = simulate(runs, { machines, decisions: true });
    expect(decisionsOf(result).map(({ run, machine }) => [run, machine])).toEqual(
      expect.arrayContaining([
        [0, 0],
        [0, 1],
      ]),
    );
    expect(result.makespanMs).toBeLessThanOrEqual(300);
  });

  test("guests that have not heard yet of a run's failure give nothing of it away", () => {
    const machines = [
      { ...plain, failureRate: 1 },
      { ...plain, cores: 3 },
    ];
    const spine = Array.from({ length: 100 }, (_, at) => ({ ms: 10, parents: at === 0 ? [] : [at * 5 - 4] }));
    const tasks = [alone(1000), ...spine.flatMap((task, at) => [task, ...new Array(4).fill({ ms: 10, parents: [at * 5 + 1] })])];
    for (let seed = 1; seed <= 8; seed++) {
      const result = simulate([runOf(tasks), runOf([alone(3000)], 100)], { machines, costs: costsOf({ hopUs: 20_000 }), seed });
      expect(result.runs).toBe(2);
    }
  });

  test("what tasks reserve never exceeds what all machines have, and every run ends", () => {
    const workloads = fc.record({
      runs: fc.array(fc.record({ tasks: graphs, cpus: fc.constantFrom(undefined, 0.5, 1, 2) }), { minLength: 1, maxLength: 4 }),
      cores: fc.integer({ min: 2, max: 5 }),
      costs: fc.constantFrom(noCosts, someCosts),
    });
    fc.assert(
      fc.property(workloads, ({ runs, cores, costs }) => {
        const machines = [
          { ...plain, countsTasks: false, memory: 4096 },
          { ...plain, countsTasks: false, memory: 4096, cores: cores - 1 },
        ];
        const memoryOf = (run: number) => 2048 * (run + 1);
        const simulated = runs.map(({ tasks, cpus }, run) => runOf(tasks, 0, { cpus, memoryBytes: memoryOf(run) }));
        const decisions = decisionsOf(simulate(simulated, { machines, costs, decisions: true }));
        expect(decisions).toHaveLength(runs.reduce((count, { tasks }) => count + tasks.length, 0));
        const endOf = ({ run, task, atMs }: Decision): number => atMs + (runs[run]?.tasks[Number(task.slice(5))]?.ms as number);
        for (const { atMs } of decisions) {
          const beside = decisions.filter((other) => other.atMs <= atMs && endOf(other) > atMs + 1e-9);
          expect(beside.reduce((sum, { run }) => sum + (runs[run]?.cpus ?? 0), 0)).toBeLessThanOrEqual(cores);
          expect(beside.reduce((sum, { run }) => sum + memoryOf(run), 0)).toBeLessThanOrEqual(8192);
        }
      }),
    );
  });

  test.each([
    ["cores", { cpus: 5 }],
    ["memory", { memoryBytes: 8193 }],
  ])("a task that asks for more %s than there is, is refused", (_, defaults) => {
    const machines = new Array<Machine>(4).fill({ ...plain, countsTasks: false, memory: 2048 });
    const found = expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringMatching(/found task-0, which takes/) });
    expect(() => simulate([runOf([alone(1)], 0, defaults)], { machines })).toThrow(found);
    expect(simulate([runOf([alone(1)], 0, defaults)], { machines: plainMachines(1) }).tasks).toBe(1);
  });

  test("tasks of a bag reserve what each of them says, whatever the first one says", () => {
    const machines = [{ ...plain, countsTasks: false, cores: 2 }];
    const bag = readBag("submit_time,duration,cpu\n0,1,0\n0,10,2\n0,10,2\n", "bag.csv");
    const runs = [0, 1, 2].map((index) => ({ workflow: bag.workflow(index), submitMs: 0, priority: 0, deadlineMs: undefined }));
    expect(simulate(runs, { machines }).makespanMs).toBeGreaterThanOrEqual(20_000);
  });

  test.each([undefined, 0.5, 2])("cores count as busy as both dispatches count them, for tasks of %s cores", (cpus) => {
    const runs = [runOf([alone(10)], 0, { cpus }), runOf([alone(10)], 10, { cpus })];
    for (const countsTasks of [true, false]) {
      const machines = new Array<Machine>(countsTasks ? 2 : 1).fill({ ...plain, countsTasks, cores: countsTasks ? 1 : 2 });
      const [workers, ideal] = (["workers", "ideal"] as const).map((dispatch) => simulate(runs, { machines, dispatch }).utilisation);
      expect([workers, ideal]).toEqual(new Array(2).fill((countsTasks ? 1 : (cpus ?? 1)) / 2));
    }
  });

  test("any amount of memory is room for any amount", () => {
    const machines = [{ ...plain, countsTasks: false }];
    const runs = [runOf([alone(2)], 0, { memoryBytes: 1e300 }), runOf([alone(1)], 0, { memoryBytes: 1 })];
    expect(simulate(runs, { machines }).makespanMs).toBe(3);
  });

  test("the engine's policy orders the runs behind a shallow queue, and the tasks of a run", () => {
    const newestFirst: PolicyDefinition = { name: "newest-first", module: undefined, order: { create: () => new NewestFirst() } };
    const runs = Array.from({ length: 40 }, () => runOf([alone(10)]));
    const order = decisionsOf(simulate(runs, { scheduler: newestFirst, decisions: true })).map(({ run }) => run);
    expect(order).toEqual([...Array.from({ length: 32 }, (_, at) => at), ...Array.from({ length: 8 }, (_, at) => 39 - at)]);
    const tasks = decisionsOf(simulate([runOf([alone(1), alone(1), alone(1)])], { scheduler: newestFirst, decisions: true }));
    expect(tasks.map(({ task }) => task)).toEqual(["task-2", "task-1", "task-0"]);
  });

  test("a user's policy that breaks its promises ends the simulation, for runs and for tasks", () => {
    const rankBy = (rank: (task: TaskFacts) => number): PolicyDefinition => ({ name: "mine", module: "file:///mine.js", order: { rank } });
    const found = expect.objectContaining({ code: "DF_SCHEDULER_FAILED" });
    expect(() => simulate([runOf([alone(1)])], { scheduler: rankBy(() => Number.NaN) })).toThrow(found);
    const ofTasks = rankBy(({ task }) => (task === "task-0" ? Number.NaN : 1));
    expect(() => simulate([runOf(chain(1, 1))], { scheduler: ofTasks })).toThrow(found);
  });

  test("a worker takes the tasks of its runs by the ranks of these", () => {
    const newestRun: PolicyDefinition = { name: "newest-run", module: undefined, order: { rank: ({ submittedAt }) => -submittedAt } };
    const outOfTime = runOf([alone(10)], 0, { timeoutMs: 4, attempts: 2, delayMs: 1, delayMsMax: 1 });
    const later = runOf([alone(10), alone(10), alone(10)], 1);
    const startsUnder = (scheduler: PolicyDefinition) =>
      decisionsOf(simulate([outOfTime, later], { scheduler, decisions: true })).map(({ run, attempt }) => `${run}#${attempt}`);
    expect(startsUnder(newestRun)).toEqual(["0#1", "1#1", "1#1", "1#1", "0#2"]);
    expect(startsUnder(fifo)).toEqual(["0#1", "1#1", "0#2", "1#1", "1#1"]);
  });

  test("a policy that loses runs ends the simulation", () => {
    class Losing<Task extends Schedulable> extends Fifo<Task> {
      override take(): Task | undefined {
        return undefined;
      }
    }
    const scheduler: PolicyDefinition = { name: "losing", module: undefined, order: { create: () => new Losing() } };
    expect(() => simulate([runOf([alone(1)])], { scheduler })).toThrow(
      expect.objectContaining({
        code: "DF_SCHEDULER_FAILED",
        message: expect.stringMatching(/policy losing .* found 1 runs that never ended/),
      }),
    );
  });

  test.each([
    ["out of order", [5, 4]],
    ["at no time", [Number.NaN]],
  ])("runs that are submitted %s are refused", (_, times) => {
    const runs = times.map((submitMs) => runOf([alone(1)], submitMs));
    expect(() => simulate(runs)).toThrow(expect.objectContaining({ code: "DF_SPEC_INVALID" }));
  });
});

/** What was inserted last goes first. */
class NewestFirst<Task extends Schedulable> implements Policy<Task> {
  readonly name = "newest-first";
  readonly #tasks: Task[] = [];

  get size(): number {
    return this.#tasks.length;
  }

  insert(task: Task): void {
    this.#tasks.push(task);
  }

  take(): Task | undefined {
    return this.#tasks.pop();
  }

  remove(task: Task): boolean {
    const at = this.#tasks.indexOf(task);
    if (at >= 0) this.#tasks.splice(at, 1);
    return at >= 0;
  }

  reprioritise(): boolean {
    return false;
  }
}

/** A home that executes a long task may leave what is ready to no one for a moment, on seismology mostly. */
const overBound = 1.02;

warnWithoutSharedData("recordings on simulated workers");

describe.skipIf(!hasSharedData)("recordings on simulated workers", () => {
  const files = hasSharedData ? [...references()] : [];

  test.each(files)("%s ends between the lower bound and Graham's", (file, reference) => {
    const run = runOf(recordedTasks(file));
    for (const workers of [2, 4, 8, 16]) {
      const seconds = simulate([run], { machines: plainMachines(workers) }).makespanMs / 1000;
      expect(seconds).toBeGreaterThanOrEqual((reference[`lb_P${workers}`] as number) - 0.001); // the reference is rounded to 1 ms
      expect(seconds).toBeLessThanOrEqual((reference[`graham_ub_P${workers}`] as number) * overBound + 0.001);
    }
    expect(simulate([run]).makespanMs / 1000).toBeCloseTo(reference.total_work_s as number, 2);
  });
});
