import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PolicyOrder, policy } from "../../schedulers/index.js";
import { compileListed } from "../authoring/compile-listed.js";
import { openGraph } from "../authoring/topology.js";
import { type Machine, plainMachines } from "./machine.js";
import { type MachineOptions, machinesOf } from "./machine-list.js";
import { expectRefusal } from "./refusals.fixture.js";
import { simulate } from "./simulate.js";
import { type SimulatedNeeds, simulatedTaskOptions } from "./simulated-task-options.js";
import type { SimulationOptions } from "./simulation-options.js";
import type { SimulationResult } from "./simulation-result.js";
import type { SimulatedRun, SimulatedWorkflow } from "./workload.js";

interface Draft extends Partial<SimulatedNeeds> {
  readonly ms: number;
  /** Positions in the list. */
  readonly after?: readonly number[];
  readonly attempts?: number;
}

function workflowOf(...drafts: readonly Draft[]): SimulatedWorkflow {
  const { topology } = compileListed({
    name: "drafts",
    tasks: drafts.map(({ ms, after = [], estimateMs = ms, cpus, memoryBytes, attempts = 3 }, index) => ({
      name: `t${index}`,
      isNameGiven: true,
      handler: 0,
      input: { kind: "constant", value: undefined },
      options: { ...simulatedTaskOptions({ estimateMs, cpus, memoryBytes }), attempts },
      after,
    })),
    handlers: [{ module: import.meta.url, name: "never", handler: () => undefined }],
    defaults: simulatedTaskOptions({ estimateMs: undefined, cpus: undefined, memoryBytes: undefined }),
    result: { kind: "constant", value: undefined },
    whenTaskFails: "stop",
    scheduler: undefined,
  });
  return { name: "drafts", graph: openGraph(topology), durationMs: (node) => drafts[node - 1]!.ms, inputBytes: undefined };
}

const runAt = (submitMs: number, workflow: SimulatedWorkflow, more: Partial<SimulatedRun> = {}): SimulatedRun => ({
  workflow,
  submitMs,
  priority: 0,
  deadlineMs: undefined,
  ...more,
});

const kind = (given: MachineOptions): readonly Machine[] => machinesOf("machines", [given]);

/** `time task on machine` of every start. */
const starts = (result: SimulationResult): string[] =>
  result.decisions!.map(({ atMs, run, task, machine }) => `${atMs} ${run}/${task} on ${machine}`);

const simulated = (options: Partial<SimulationOptions> & Pick<SimulationOptions, "runs">): SimulationResult =>
  simulate({ machines: 1, decisions: true, ...options });

describe("simulate", () => {
  test("starts tasks when what they wait for has ended, on the first machine with room", () => {
    const diamond = workflowOf({ ms: 10 }, { ms: 5, after: [0] }, { ms: 7, after: [0] }, { ms: 1, after: [1, 2] });
    const result = simulated({ runs: [runAt(0, diamond)], machines: 2 });
    expect(starts(result)).toEqual(["0 0/t0 on 0", "10 0/t1 on 0", "10 0/t2 on 1", "17 0/t3 on 0"]);
    expect(result).toMatchObject({
      scheduler: "fifo",
      dispatch: "ideal",
      machines: 2,
      cores: 2,
      runs: 1,
      failedRuns: 0,
      tasks: 4,
      makespanMs: 18,
    });
    expect(result.waitMs).toEqual({ count: 4, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
    expect(result.slowdown).toMatchObject({ count: 1, mean: 1 });
    expect(result.utilisation).toBeCloseTo(23 / 36, 12);
  });

  test("applies all that ends or arrives in one instant before anything starts in it", () => {
    const first = workflowOf({ ms: 5 }, { ms: 5 }, { ms: 1, after: [1] }, { ms: 1, after: [0] });
    const late = workflowOf({ ms: 1 });
    const shortest = policy({ name: "newest", module: import.meta.url }, { create: byReadinessThenNewestRun });
    const result = simulated({ runs: [runAt(0, first), runAt(5, late)], machines: 2, scheduler: shortest });
    expect(starts(result).slice(2)).toEqual(["5 1/t0 on 0", "5 0/t2 on 1", "6 0/t3 on 0"]);
  });

  test("two that end in one instant make all ready that they make ready before the first of it starts", () => {
    const crossed = workflowOf({ ms: 5 }, { ms: 5 }, { ms: 1, after: [1] }, { ms: 1, after: [0] });
    const result = simulated({ runs: [runAt(0, crossed)], machines: 2 });
    expect(starts(result).slice(2)).toEqual(["5 0/t2 on 0", "5 0/t3 on 1"]);
  });

  test("tasks that take no time end in the instant in which they start", () => {
    const chain = workflowOf({ ms: 0 }, { ms: 0, after: [0] }, { ms: 3, after: [1] });
    const result = simulated({ runs: [runAt(2, chain)] });
    expect(starts(result)).toEqual(["2 0/t0 on 0", "2 0/t1 on 0", "2 0/t2 on 0"]);
    expect(result.makespanMs).toBe(3);
  });

  test("measures waits, slowdowns and missed deadlines of runs that queue", () => {
    const work = workflowOf({ ms: 10 });
    const runs = [runAt(100, work), runAt(100, work, { deadlineMs: 119 }), runAt(105, work, { deadlineMs: 130 })];
    const result = simulated({ runs });
    expect(result.makespanMs).toBe(30);
    expect(result.waitMs).toMatchObject({ count: 3, mean: 25 / 3, max: 15 });
    expect(result.slowdown).toMatchObject({ mean: (1 + 2 + 2.5) / 3, max: 2.5 });
    expect(result.deadlineMisses).toBe(1);
    expect(result.utilisation).toBe(1);
  });

  test("paths below a millisecond count as one in slowdowns", () => {
    expect(simulated({ runs: [runAt(0, workflowOf({ ms: 0.5 }))] }).slowdown.max).toBe(0.5);
  });

  test("has tasks share a machine as long as what they reserve fits", () => {
    const half = { ms: 10, cpus: 0.5, memoryBytes: 4 };
    const result = simulated({
      runs: [runAt(0, workflowOf(half, half, { ...half, memoryBytes: 8 }, half))],
      machines: kind({ memory: 8 }),
    });
    expect(starts(result)).toEqual(["0 0/t0 on 0", "0 0/t1 on 0", "10 0/t2 on 0", "20 0/t3 on 0"]);
  });

  test("fractions of cores and of memory add up to all of a machine", () => {
    const third = { ms: 10, cpus: 0.1, memoryBytes: 0.1 };
    const machines = kind({}).map((machine) => ({ ...machine, memory: 0.3 }));
    expect(simulated({ runs: [runAt(0, workflowOf(third, third, third))], machines }).makespanMs).toBe(10);
  });

  test("plain machines do not look at what tasks reserve", () => {
    const result = simulated({ runs: [runAt(0, workflowOf({ ms: 1, cpus: 64, memoryBytes: 1e12 }))] });
    expect(result.makespanMs).toBe(1);
  });

  test("adds a cold start to the first attempt of a machine, and after it has stood idle for too long", () => {
    const work = workflowOf({ ms: 10 });
    const runs = [runAt(0, work), runAt(50, work), runAt(200, work)];
    const result = simulated({ runs, machines: kind({ coldStart: 5, keepAlive: 100 }) });
    expect(result.makespanMs).toBe(215);
    expect(result.utilisation).toBeCloseTo((15 + 10 + 15) / 215, 12);
  });

  test("a machine starts once, whatever it starts with", () => {
    const pair = workflowOf({ ms: 10 }, { ms: 10 });
    const result = simulated({ runs: [runAt(0, pair)], machines: kind({ cores: 2, coldStart: 5 }) });
    expect(result.utilisation * result.makespanMs * 2).toBeCloseTo(2 * 15, 9);
  });

  test("stays warm for ever where keepAlive is not said", () => {
    const work = workflowOf({ ms: 10 });
    expect(simulated({ runs: [runAt(0, work), runAt(1e9, work)], machines: kind({ coldStart: 5 }) }).makespanMs).toBe(1e9 + 10);
  });

  test("charges a machine for the time in which it executes anything", () => {
    const hour = 3_600_000;
    const pair = workflowOf({ ms: hour }, { ms: 2 * hour });
    const machines = kind({ cores: 2, pricePerHour: 0.5 });
    expect(simulated({ runs: [runAt(0, pair), runAt(10 * hour, pair)], machines }).costUsd).toBeCloseTo(2 * 2 * 0.5, 9);
  });

  test("fails attempts at their rate, repeats them as the task says, and fails the run when none is left", () => {
    const once = workflowOf({ ms: 10, attempts: 1 }, { ms: 1, after: [0], attempts: 1 });
    const certain = simulated({ runs: [runAt(0, once)], machines: kind({ failureRate: 1 }) });
    expect(certain).toMatchObject({ runs: 1, failedRuns: 1, tasks: 1, slowdown: { count: 0 } });
    expect(certain.makespanMs).toBeLessThan(10);
    const thrice = simulated({ runs: [runAt(0, workflowOf({ ms: 10 }))], machines: kind({ failureRate: 1 }) });
    expect(thrice.decisions!.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const runs = Array.from({ length: 10_000 }, (_, index) => runAt(index * 100, once));
    const { failedRuns } = simulated({ runs, machines: kind({ failureRate: 0.2 }) });
    expect(Math.abs(failedRuns - 10_000 * (1 - 0.8 ** 2))).toBeLessThan(250); // five standard deviations
  });

  test("gives up what else a failed run was doing, and its machines", () => {
    const race = workflowOf({ ms: 1_000, attempts: 1 }, { ms: 1_000, attempts: 1 }, { ms: 1_000, attempts: 1 });
    const result = simulated({ runs: [runAt(0, race), runAt(0, race)], machines: kind({ count: 2, failureRate: 1 }) });
    expect(result).toMatchObject({ runs: 2, failedRuns: 2, tasks: 4 });
  });

  test("the same seed gives the same result, another seed another one", () => {
    const work = workflowOf({ ms: 10 }, { ms: 20 }, { ms: 5, after: [0] });
    const runs = Array.from({ length: 50 }, (_, index) => runAt(index, work));
    const results = [1, 1, 2].map((seed) => JSON.stringify(simulated({ runs, seed, machines: kind({ count: 3, failureRate: 0.3 }) })));
    expect(results[0]).toBe(results[1]);
    expect(results[0]).not.toBe(results[2]);
  });

  test("lists decisions only when they are asked for", () => {
    expect(simulate({ runs: [runAt(0, workflowOf({ ms: 1 }))], machines: 1 })).not.toHaveProperty("decisions");
  });

  test("tells of every message", () => {
    const kinds: string[] = [];
    simulated({ runs: [runAt(0, workflowOf({ ms: 1 }))], trace: (actor, { kind: message }) => void kinds.push(`${actor} ${message}`) });
    const lastly = ["task settled", "0 task-ended", "scheduler task-done", "checkpoint run-ended", "scheduler look"];
    const firstly = ["0 start", "scheduler tasks-ready", "scheduler look", "task run-task", "scheduler task-pending"];
    expect(kinds).toEqual([...firstly, ...lastly]);
  });

  test("no runs are a result, too", () => {
    expect(simulated({ runs: [] })).toMatchObject({ runs: 0, tasks: 0, makespanMs: 0, utilisation: 0, costUsd: 0, decisions: [] });
  });

  test("whatever runs on however many machines: between the bounds, without a machine that does two things at a time", () => {
    const draft = fc.record({ ms: fc.nat(20), parents: fc.array(fc.nat(30), { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (drafts, machines) => {
        const tasks = drafts.map(({ ms, parents }, index) => ({ ms, after: [...new Set(parents.filter((parent) => parent < index))] }));
        const workMs = tasks.reduce((sum, { ms }) => sum + ms, 0);
        const result = simulated({ runs: [runAt(0, workflowOf(...tasks))], machines });
        const pathMs = result.makespanMs / result.slowdown.max;
        const longestMs = Number.isFinite(pathMs) && result.slowdown.max > 0 ? pathMs : 0;
        expect(result.tasks).toBe(tasks.length);
        expect(result.makespanMs).toBeGreaterThanOrEqual(Math.max(workMs / machines, longestMs) - 1 - 1e-9);
        expect(result.makespanMs).toBeLessThanOrEqual(workMs / machines + (1 - 1 / machines) * longestMs + 1e-9);
        expect(result.utilisation * result.makespanMs * machines).toBeCloseTo(workMs, 6);
      }),
    );
  });
});

/** A policy of its own structure, for the sake of the test: later runs go first. */
const byReadinessThenNewestRun: Extract<PolicyOrder, { create: unknown }>["create"] = () => {
  const tasks: Parameters<ReturnType<typeof byReadinessThenNewestRun>["insert"]>[0][] = [];
  return {
    name: "newest",
    get size() {
      return tasks.length;
    },
    insert: (task: (typeof tasks)[0]) => void tasks.push(task),
    take: () => tasks.sort((one, other) => other.order - one.order || one.position - other.position).shift(),
    remove: () => false,
    reprioritise: () => false,
  } as never;
};

describe("simulate refuses", () => {
  const runs = [runAt(0, workflowOf({ ms: 1 }))];
  test.each([
    ["no machine", { machines: 0 }, "DF_OPTION_INVALID", /simulation\.machines/],
    ["too many machines", { machines: 100_001 }, "DF_OPTION_INVALID", /simulation\.machines/],
    ["too many workers", { machines: kind({ count: 65, cores: 1024 }), dispatch: "workers" }, "DF_OPTION_INVALID", /65536 cores.*66560/],
    ["an empty list of machines", { machines: [] }, "DF_OPTION_INVALID", /simulation\.machines/],
    ["machines of both kinds", { machines: [...plainMachines(1), ...kind({})] }, "DF_OPTION_INVALID", /count tasks/],
    ["runs that are none", { runs: 5 as never }, "DF_OPTION_INVALID", /simulation\.runs/],
    ["runs that cannot be iterated over", { runs: { [Symbol.iterator]: 1 } as never }, "DF_OPTION_INVALID", /simulation\.runs/],
    ["a machine that is none", { machines: [null] as never }, "DF_OPTION_INVALID", /machines\[0\] .*plainMachines/],
    ["an empty machine", { machines: [{}] as never }, "DF_OPTION_INVALID", /machines\[0\]\.cores/],
    ["a machine of cores alone", { machines: [{ cores: 2 }] as never }, "DF_OPTION_INVALID", /machines\[0\]\.memory/],
    ["costs of nothing", { costs: {} as never, dispatch: "workers" }, "DF_OPTION_INVALID", /simulation\.costs/],
    ["costs that are null", { costs: null as never, dispatch: "workers" }, "DF_OPTION_INVALID", /simulation\.costs/],
    ["a trace that is no function", { trace: {} as never }, "DF_OPTION_INVALID", /simulation\.trace/],
    ["a run that is none", { runs: [null] as never }, "DF_SPEC_INVALID", /run 0 .*a workflow: found/],
    ["a run without a workflow", { runs: [{ submitMs: 0, priority: 0 }] as never }, "DF_SPEC_INVALID", /run 0 .*a workflow/],
    ["a run without a time", { runs: [{ ...runs[0], submitMs: undefined }] as never }, "DF_SPEC_INVALID", /submitMs/],
    ["a run without a priority", { runs: [{ ...runs[0], priority: Number.NaN }] as never }, "DF_SPEC_INVALID", /priority: found NaN/],
    ["a deadline at no time", { runs: [{ ...runs[0], deadlineMs: Number.NaN }] as never }, "DF_SPEC_INVALID", /deadlineMs.*: found NaN/],
    ["a seed that is no integer", { seed: 0.5 }, "DF_OPTION_INVALID", /simulation\.seed/],
    ["a dispatch that there is not", { dispatch: "best" as never }, "DF_OPTION_INVALID", /simulation\.dispatch/],
    ["an option that there is not", { cores: 2 } as never, "DF_OPTION_INVALID", /simulation\.cores/],
    ["an unknown policy", { scheduler: "lifo" }, "DF_SCHEDULER_UNKNOWN", /fifo/],
    ["a definition without an order", { scheduler: { name: "mine", order: {} } as never }, "DF_SCHEDULER_INVALID", /policy\(\)/],
    ["a definition of no order", { scheduler: { name: "mine", order: null } as never }, "DF_SCHEDULER_INVALID", /policy\(\)/],
    ["what policy() did not make", { scheduler: { name: "mine" } }, "DF_SCHEDULER_INVALID", /policy\(\)/],
    [
      "runs that go back in time",
      { runs: [runAt(5, runs[0]!.workflow), runAt(4, runs[0]!.workflow)] },
      "DF_SPEC_INVALID",
      /order of submission/,
    ],
    ["a run at no time", { runs: [runAt(Number.NaN, runs[0]!.workflow)] }, "DF_SPEC_INVALID", /order of submission/],
    ["a negative duration", { runs: [runAt(0, workflowOf({ ms: 1 }, { ms: -1, estimateMs: 1 }))] }, "DF_SPEC_INVALID", /-1 ms for t1/],
    ["a duration that is none", { runs: [runAt(0, workflowOf({ ms: Number.NaN, estimateMs: 1 }))] }, "DF_SPEC_INVALID", /NaN ms for t0/],
    ["a duration of ages", { runs: [runAt(0, workflowOf({ ms: 1e300, estimateMs: 1 }))] }, "DF_SPEC_INVALID", /ten years at most/],
    ["a run in ages", { runs: [runAt(1e300, runs[0]!.workflow)] }, "DF_SPEC_INVALID", /within ten years/],
    [
      "more cores than any machine has",
      { runs: [runAt(0, workflowOf({ ms: 1, cpus: 2 }))], machines: kind({}) },
      "DF_SPEC_INVALID",
      /t0, which takes 2 cores/,
    ],
    [
      "more memory than any machine has",
      { runs: [runAt(0, workflowOf({ ms: 1, memoryBytes: 9 }))], machines: kind({ memory: 8 }) },
      "DF_SPEC_INVALID",
      /9 bytes/,
    ],
  ] as const)("%s", (_, options, code, message) => {
    expectRefusal(() => simulated({ runs, ...(options as Partial<SimulationOptions>) }), code, message);
  });

  test.each([undefined, null, 5])("options that are %s", (options) => {
    expectRefusal(() => simulate(options as never), "DF_OPTION_INVALID", /simulation/);
  });

  test("a policy that loses tasks, instead of a result without them", () => {
    const create = (() => ({ name: "sieve", size: 0, insert() {}, take: () => undefined, remove: () => false })) as never;
    const sieve = policy({ name: "sieve", module: import.meta.url }, { create });
    expectRefusal(() => simulated({ runs, scheduler: sieve }), "DF_SCHEDULER_FAILED", /sieve/);
  });
});
