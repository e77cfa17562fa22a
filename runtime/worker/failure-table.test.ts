/** What a failure means for its run, for every kind of failure, every policy and every position in the graph. */
import { describe, expect, test } from "vitest";
import { DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { type Charge, RunPast, taskPositions } from "../../actors/workflow/run-past.js";
import { Later, never, type SimulatedContext } from "../../actors/workflow/simulated-ports.fixture.js";
import { keptOutputs, SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import { decodeValue } from "../codec/value-codec.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { decodeFailure } from "./failure-codec.js";
import { type AnyFlow, loadWorkflow } from "./load-workflow.fixture.js";

/** What the task at fault does in an attempt; undefined: it returns what it should. */
type Fault = (attempt: number) => unknown;

interface FailureKindCase {
  readonly fault: Fault;
  readonly retry: object;
  readonly options?: object;
  /** Attempts that the control thread has charged before the run came to this home. */
  readonly charged?: Pick<Charge, "attempts" | "code">;
  /** Numbers of the attempts that start. */
  readonly started: readonly number[];
  /** undefined: the task does not fail for good. */
  readonly code?: ErrorCode;
  /** Attempts that the error names. */
  readonly attempts?: number;
}

const fail = (): never => {
  throw Object.assign(new Error("at fault"), { code: "E_STOP" });
};
const delay = 10;

const kinds: Readonly<Record<string, FailureKindCase>> = {
  "throws always": { fault: fail, retry: { attempts: 3, delay }, started: [1, 2, 3], code: "DF_TASK_FAILED", attempts: 3 },
  "throws its only time": { fault: fail, retry: { attempts: 1 }, started: [1], code: "DF_TASK_FAILED", attempts: 1 },
  "throws once": { fault: (attempt) => (attempt === 1 ? fail() : undefined), retry: { attempts: 2, delay }, started: [1, 2] },
  "rejects once": {
    fault: (attempt) => (attempt === 1 ? new Later(false, "later") : undefined),
    retry: { attempts: 2, delay },
    started: [1, 2],
  },
  "throws what is not to be repeated": {
    fault: fail,
    retry: { attempts: 3, nonRetryable: ["E_STOP"] },
    started: [1],
    code: "DF_TASK_FAILED",
    attempts: 1,
  },
  "returns what is no data": { fault: () => () => {}, retry: { attempts: 3 }, started: [1], code: "DF_UNSERIALIZABLE", attempts: 1 },
  "takes too long": {
    fault: () => never,
    retry: { attempts: 2, delay },
    options: { timeout: 300 },
    started: [1, 2],
    code: "DF_TASK_TIMEOUT",
    attempts: 2,
  },
  "takes too long once": {
    fault: (attempt) => (attempt === 1 ? never : undefined),
    retry: { attempts: 2, delay },
    options: { timeout: 300 },
    started: [1, 2],
  },
  "took its thread along as often as it may": {
    fault: () => undefined,
    retry: { attempts: 2 },
    charged: { attempts: 2, code: "DF_WORKER_LOST" },
    started: [],
    code: "DF_WORKER_LOST",
    attempts: 2,
  },
  "took its thread along the only time it may": {
    fault: () => undefined,
    retry: { attempts: 1 },
    charged: { attempts: 1, code: "DF_TASK_TIMEOUT" },
    started: [],
    code: "DF_TASK_TIMEOUT",
    attempts: 1,
  },
  "exhausted the heap twice": {
    fault: () => undefined,
    retry: { attempts: 5 },
    charged: { attempts: 2, code: "DF_TASK_OOM" },
    started: [],
    code: "DF_TASK_OOM",
    attempts: 2,
  },
  "took its thread along once": {
    fault: () => undefined,
    retry: { attempts: 3 },
    charged: { attempts: 1, code: "DF_WORKER_LOST" },
    started: [2],
  },
  "took its thread along once, then throws": {
    fault: fail,
    retry: { attempts: 3, delay },
    charged: { attempts: 1, code: "DF_WORKER_LOST" },
    started: [2, 3],
    code: "DF_TASK_FAILED",
    attempts: 3,
  },
};

const policies = {
  "fail, stop": { options: {}, whenTaskFails: "stop" },
  "fail, continue": { options: { onFailure: "fail" }, whenTaskFails: "continue" },
  fallback: { options: { fallback: -1, onFailure: "skip-dependents" }, whenTaskFails: "stop" },
  "fallback, continue": { options: { fallback: -1 }, whenTaskFails: "continue" },
  "skip-dependents": { options: { onFailure: "skip-dependents" }, whenTaskFails: "stop" },
  "skip-dependents, continue": { options: { onFailure: "skip-dependents" }, whenTaskFails: "continue" },
} as const;

/** Adds the task that may fail: it gives `value`, which must be 1 where it is at fault. */
type Suspect = (flow: AnyFlow, inputs: unknown, more?: object) => unknown;

interface PositionCase {
  readonly build: (flow: AnyFlow, suspect: Suspect) => unknown;
  readonly path: string;
  /** Results: when the task returns, and when its fallback stands in. */
  readonly whole: unknown;
  readonly replaced: unknown;
  /** The result without the task and what depends on it; undefined: there is none. */
  readonly skipped?: unknown;
  /** Tasks that never start without its output. */
  readonly dependents: readonly string[];
  /** All others. */
  readonly independents: readonly string[];
}

const same = (value: unknown) => value;
const make = (value: unknown) => () => value;
const add = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

const positions: Readonly<Record<string, PositionCase>> = {
  "the first task": {
    build: (flow, suspect) => {
      const first = suspect(flow, 1);
      const next = flow.task(same, first, { name: "next" });
      return { last: flow.task(same, [next], { name: "last" }), free: flow.task(make(5), undefined, { name: "free" }) };
    },
    path: "suspect",
    whole: { last: [1], free: 5 },
    replaced: { last: [-1], free: 5 },
    dependents: ["next", "last"],
    independents: ["free"],
  },
  "in the middle, between a fork and a join": {
    build: (flow, suspect) => {
      const source = flow.task(make({ n: 1, m: 2 }), undefined, { name: "source" });
      const other = flow.task(same, source.m, { name: "other" });
      return flow.task(same, [suspect(flow, source.n), other, source], { name: "join" });
    },
    path: "suspect",
    whole: [1, 2, { n: 1, m: 2 }],
    replaced: [-1, 2, { n: 1, m: 2 }],
    dependents: ["join"],
    independents: ["source", "other"],
  },
  "a leaf that the result reads": {
    build: (flow, suspect) => {
      const source = flow.task(make(1), undefined, { name: "source" });
      return [suspect(flow, source), flow.task(same, source, { name: "free" })];
    },
    path: "suspect",
    whole: [1, 1],
    replaced: [-1, 1],
    dependents: [],
    independents: ["source", "free"],
  },
  "a leaf that nobody reads": {
    build: (flow, suspect) => {
      const source = flow.task(make(1), undefined, { name: "source" });
      suspect(flow, source);
      return flow.task(same, source, { name: "free" });
    },
    path: "suspect",
    whole: 1,
    replaced: 1,
    skipped: 1,
    dependents: [],
    independents: ["source", "free"],
  },
  "in an element of a map": {
    build: (flow, suspect) => {
      const list = flow.map([0, 1, 2], (item) => flow.task(same, [suspect(flow, item), item], { name: "after" }), { concurrency: 1 });
      return flow.task(same, list, { name: "gathered" });
    },
    path: "suspect[1]",
    whole: [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    replaced: [
      [0, 0],
      [-1, 1],
      [2, 2],
    ],
    skipped: [
      [0, 0],
      [2, 2],
    ],
    dependents: ["after[1]"],
    independents: ["suspect[0]", "suspect[2]", "after[0]", "after[2]", "gathered"],
  },
  "in an element of a map, beside what its result reads": {
    build: (flow, suspect) =>
      flow.map([0, 1], (item) => {
        flow.task(same, suspect(flow, item), { name: "unread" });
        return { kept: flow.task(same, item, { name: "read" }) };
      }),
    path: "suspect[1]",
    whole: [{ kept: 0 }, { kept: 1 }],
    replaced: [{ kept: 0 }, { kept: 1 }],
    skipped: [{ kept: 0 }, { kept: 1 }],
    dependents: ["unread[1]"],
    independents: ["suspect[0]", "unread[0]", "read[0]", "read[1]"],
  },
  "in an element of a nested map": {
    build: (flow, suspect) => {
      const outer = flow.task(make("o"), undefined, { name: "outer" });
      const body = (cell: unknown) => flow.task(same, { cell: suspect(flow, cell), outer }, { name: "after" });
      return flow.map([[0, 1], [], [2]], (row, at) => ({ at, row: flow.map(row, body) }));
    },
    path: "suspect[0][1]",
    whole: [
      {
        at: 0,
        row: [
          { cell: 0, outer: "o" },
          { cell: 1, outer: "o" },
        ],
      },
      { at: 1, row: [] },
      { at: 2, row: [{ cell: 2, outer: "o" }] },
    ],
    replaced: [
      {
        at: 0,
        row: [
          { cell: 0, outer: "o" },
          { cell: -1, outer: "o" },
        ],
      },
      { at: 1, row: [] },
      { at: 2, row: [{ cell: 2, outer: "o" }] },
    ],
    skipped: [
      { at: 0, row: [{ cell: 0, outer: "o" }] },
      { at: 1, row: [] },
      { at: 2, row: [{ cell: 2, outer: "o" }] },
    ],
    dependents: ["after[0][1]"],
    independents: ["outer", "suspect[0][0]", "suspect[2][0]", "after[0][0]", "after[2][0]"],
  },
  "what a map goes over, and what its body reads": {
    build: (flow, suspect) => {
      const source = flow.task(make([7]), undefined, { name: "source" });
      const read = suspect(flow, 1);
      const body = (item: unknown) => flow.map([1, 2], () => flow.task(same, [item, read, source], { name: "inner" }));
      return { lists: flow.task(same, flow.map(source, body), { name: "last" }), free: flow.task(same, source, { name: "free" }) };
    },
    path: "suspect",
    whole: {
      lists: [
        [
          [7, 1, [7]],
          [7, 1, [7]],
        ],
      ],
      free: [7],
    },
    replaced: {
      lists: [
        [
          [7, -1, [7]],
          [7, -1, [7]],
        ],
      ],
      free: [7],
    },
    dependents: ["inner[0][0]", "inner[0][1]", "last"],
    independents: ["source", "free"],
  },
  "a call of a reduce": {
    build: (flow, suspect) => [
      flow.task(same, suspect(flow, [1, 0, 2, 3, 4], { isReduce: true }), { name: "last" }),
      flow.task(make(5), undefined, { name: "free" }),
    ],
    path: "suspect[0]",
    whole: [10, 5],
    replaced: [8, 5],
    dependents: ["suspect[3]", "suspect[5]", "last"],
    independents: ["suspect[1]", "suspect[2]", "suspect[4]", "free"],
  },
  "a call of a reduce in an element of a map": {
    build: (flow, suspect) =>
      flow.map(
        [
          [5, 6, 7],
          [1, 0, 3],
        ],
        (item) => ({ sum: suspect(flow, item, { isReduce: true }) }),
      ),
    path: "suspect[1][0]",
    whole: [{ sum: 18 }, { sum: 4 }],
    replaced: [{ sum: 18 }, { sum: 2 }],
    skipped: [{ sum: 18 }],
    dependents: ["suspect[1][2]"],
    independents: ["suspect[0][0]", "suspect[0][1]", "suspect[0][2]", "suspect[1][1]"],
  },
  "what another task only follows": {
    build: (flow, suspect) => {
      const first = suspect(flow, 1);
      const source = flow.task(make(3), undefined, { name: "source" });
      const follower = flow.task(same, source, { name: "follower", after: [first] });
      flow.task(same, follower, { name: "last" });
      return source;
    },
    path: "suspect",
    whole: 3,
    replaced: 3,
    skipped: 3,
    dependents: ["follower", "last"],
    independents: ["source"],
  },
};

type PolicyCase = (typeof policies)[keyof typeof policies];

function load(kind: FailureKindCase, policy: PolicyCase, position: PositionCase, isLater: boolean): LoadedWorkflow {
  const settle = (value: unknown) => (isLater ? new Later(true, value) : value);
  const handler = (value: unknown, { attempt }: SimulatedContext) => {
    const isAtFault = Array.isArray(value) ? value[0] === 1 && value[1] === 0 : value === 1;
    const outcome = isAtFault ? kind.fault(attempt) : undefined;
    if (outcome !== undefined) return outcome;
    return settle(Array.isArray(value) ? add(value) : value);
  };
  const suspect: Suspect = (flow, inputs, more = {}) => {
    const options = { name: "suspect", retry: kind.retry, ...kind.options, ...policy.options };
    const typed = handler as (input: unknown) => unknown; // a second argument is given to every handler
    return "isReduce" in more ? flow.reduce(inputs, typed, options) : flow.task(typed, inputs, options);
  };
  return loadWorkflow((flow) => position.build(flow, suspect), { whenTaskFails: policy.whenTaskFails });
}

/** Where the task at fault stands, as the control thread names it. */
function positionsOf(position: PositionCase): readonly number[] {
  const worker = new SimulatedWorker({ random: seeded(1) });
  let found: number[] = [];
  worker.executor.onStart = ({ path, scope, instance }) => {
    if (path === position.path) found = taskPositions(scope, instance);
  };
  const sound: FailureKindCase = { fault: () => undefined, retry: {}, started: [1] };
  worker.submit(load(sound, policies["fail, stop"], position, false), undefined);
  worker.work();
  return found;
}

function pastOf({ charged }: FailureKindCase, where: readonly number[]): RunPast | undefined {
  if (charged === undefined) return undefined;
  const charge = { positions: where, message: "Cannot finish it as its thread ended", ...charged };
  const fact = {
    positions: where,
    attempts: charge.attempts,
    hasReturned: false,
    dueAt: 0,
    started: 0,
    charge,
    deaths: 0,
    isParked: false,
  };
  return new RunPast([fact], { value: decodeValue, failure: decodeFailure });
}

function expectedResult(kind: FailureKindCase, policy: PolicyCase, position: PositionCase): unknown {
  if (kind.code === undefined) return position.whole;
  if ("fallback" in policy.options) return position.replaced;
  return "onFailure" in policy.options && policy.options.onFailure === "skip-dependents" ? position.skipped : undefined;
}

const rows = Object.entries(positions).flatMap(([positionName, position]) => {
  const where = positionsOf(position);
  return Object.entries(policies).flatMap(([policyName, policy]) =>
    Object.entries(kinds).map(([kindName, kind]) => ({ kindName, policyName, positionName, kind, policy, position, where })),
  );
});

describe("the table of failures", () => {
  test.each(rows)("$positionName × $policyName × $kindName", ({ kind, policy, position, where }) => {
    const past = pastOf(kind, where);
    for (const [seed, concurrency] of [
      [1, 1],
      [2, 8],
    ] as const) {
      const worker = new SimulatedWorker({ random: seeded(seed), concurrency });
      const run = worker.submit(load(kind, policy, position, seed === 2), undefined, past);
      const [outcome] = worker.work();
      const starts = new Map<string, number[]>();
      for (const { kind: event, path, attempt } of worker.executor.events) {
        if (event === "start") starts.set(path, [...(starts.get(path) ?? []), attempt]);
      }
      const result = expectedResult(kind, policy, position);
      const isReplaced = kind.code === undefined || "fallback" in policy.options;
      const isStopped = !isReplaced && policy.whenTaskFails === "stop" && !("onFailure" in policy.options);

      if (result === undefined) {
        expect(outcome?.isOk).toBe(false);
        expect(outcome?.value).toBeInstanceOf(DataFlowerError);
        expect(outcome?.value).toMatchObject({ code: kind.code, task: position.path, attempts: kind.attempts, runId: "run-0" });
      } else expect(outcome).toEqual({ runId: "run-0", isOk: true, value: result });

      expect(starts.get(position.path) ?? []).toEqual(kind.started);
      for (const path of position.dependents) expect([path, starts.get(path)]).toEqual([path, isReplaced ? [1] : undefined]);
      for (const path of position.independents) {
        if (isStopped) expect([undefined, 1]).toContain(starts.get(path)?.length);
        else expect([path, starts.get(path)]).toEqual([path, [1]]);
      }
      if (!isStopped) expect(keptOutputs(run)).toEqual(new Map());
      if (!isStopped) expect(run.tasks).toBe([...starts.values()].flat().length);
      expect(worker.executor.pendingCount + worker.executor.endlessCount).toBe(0);
      expect(worker.results.sent.length).toBe(1);
    }
  });
});
