/** The checker of durable histories is checked: it must accept what may happen, and catch each way of breaking a promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bookingsOf } from "./fixtures/bank.fixture.js";
import {
  type DurableHistory,
  type DurableRun,
  type DurableTask,
  durableViolationsOf,
  eventsOf,
  type LifeEvent,
  standingAtDeath,
} from "./fixtures/durable-history.fixture.js";
import { HistoryWriter, simulateHistory, unknownOutcome } from "./fixtures/durable-simulator.fixture.js";
import type { LedgerLine } from "./fixtures/ledger.fixture.js";

const task = (path: string, after: readonly string[], delivery: DurableTask["delivery"] = "at-least-once"): DurableTask => ({
  path,
  after,
  delivery,
  amount: 7,
});
const chain = [task("a", []), task("b", ["a"]), task("c", ["b"])];
const once = [task("a", []), task("b", ["a"], "at-most-once"), task("c", ["b"])];
const run = (id: string, tasks: readonly DurableTask[]): DurableRun => ({ id, workflow: "w", tasks, attemptsMax: 3, answer: { is: id } });
const runs = [run("plain", chain), run("moved", chain), run("once", once), run("unasked", chain), run("unheard", chain)];

/**
 * Three lives. `plain` completes in the first; `moved` goes through all three; the second interrupts a task of `once` that must not be
 * repeated; `unheard` is asked for, and nobody is ever told of it.
 */
function goodHistory(): DurableHistory {
  const writer = new HistoryWriter(runs);
  const settle = (id: string) => writer.say({ kind: "settled", run: id, status: "completed", value: { is: id } });
  const unknown = () => writer.say({ kind: "settled", run: "once", status: "failed", value: unknownOutcome("b") });
  writer.say({ kind: "born" });
  writer.accept("plain", "moved", "once");
  writer.say({ kind: "asking", run: "unheard" });
  for (const path of ["a", "b", "c"]) writer.execute("plain", path);
  settle("plain");
  writer.execute("moved", "a");
  writer.start("moved", "b"); // throws
  writer.start("moved", "b", { attempt: 2 });
  writer.start("unheard", "a");
  writer.die();

  writer.say({ kind: "found", run: "plain", status: "completed" });
  writer.say({ kind: "found", run: "moved", status: "accepted" });
  writer.say({ kind: "found", run: "once", status: "accepted" });
  writer.accept("moved");
  settle("plain");
  writer.execute("moved", "b", { attempt: 2, fence: 2 }); // and it is not committed
  writer.execute("once", "a", { fence: 2 });
  writer.start("once", "b", { fence: 2 });
  writer.die();

  writer.say({ kind: "found", run: "moved", status: "accepted" });
  unknown();
  writer.execute("moved", "b", { attempt: 2, fence: 3 });
  writer.say({ kind: "thread-died" });
  writer.execute("moved", "c", { fence: 4 });
  settle("moved");
  settle("plain");
  writer.say({ kind: "found", run: "once", status: "failed" });
  unknown();
  return writer.history;
}

type Change = (history: DurableHistory) => DurableHistory;

/** Changes the lines of one run. Those of others stay where they are, before them. */
const lines =
  (id: string, change: (lines: LedgerLine[]) => LedgerLine[]): Change =>
  (history) => ({
    ...history,
    lines: [...history.lines.filter((line) => line.run !== id), ...change(history.lines.filter((line) => line.run === id))],
  });

/** Changes, or drops, events of one kind about one run. */
const events =
  (kind: LifeEvent["kind"], id: string, change: (event: LifeEvent, index: number) => LifeEvent | undefined): Change =>
  (history) => {
    let index = -1;
    return {
      ...history,
      events: history.events.flatMap((event) => {
        if (event.kind !== kind || !("run" in event) || event.run !== id) return [event];
        index += 1;
        const changed = change(event, index);
        return changed === undefined ? [] : [changed];
      }),
    };
  };

/** Changes what the bank was asked for by one task. */
const requests =
  (id: string, path: string, change: { readonly key?: string; readonly amount?: number } | undefined): Change =>
  (history) => ({
    ...history,
    requests: history.requests.flatMap((request, index) => {
      const isFirst = history.requests.findIndex((one) => one.run === id && one.task === path) === index;
      if (change === undefined) return request.run === id && request.task === path ? [] : [request];
      return isFirst ? [{ ...request, ...change }] : [request];
    }),
  });

const appended =
  (...more: LifeEvent[]): Change =>
  (history) => ({ ...history, events: [...history.events, ...more] });

const at = (list: LedgerLine[], index: number): LedgerLine => list.at(index) as LedgerLine; // the history above is this long
const without = (index: number) => (list: LedgerLine[]) => list.filter((_, position) => position !== index);
/** A start and an end of a task, as the last things that happen. */
const executed = (change: Partial<LedgerLine>) => (list: LedgerLine[]) => {
  const line = { ...at(list, -1), at: 1000, ...change };
  return [...list, { ...line, phase: "start" } as const, { ...line, phase: "end" } as const];
};

// The lines of `moved`: 0 1 a · 2 3 b · | 4 5 b · | 6 7 b · 8 9 c
const mutants: ReadonlyArray<[what: string, invariant: string, run: string, change: Change]> = [
  ["an acknowledged run is missing", "I1", "moved", events("found", "moved", (event) => ({ ...event, status: undefined }) as LifeEvent)],
  ["an end that was seen is missing", "I1", "plain", events("found", "plain", (event) => ({ ...event, status: undefined }) as LifeEvent)],
  ["a run that had ended goes on", "I1", "plain", events("found", "plain", (event) => ({ ...event, status: "accepted" }) as LifeEvent)],
  ["a run is another one afterwards", "I1", "moved", appended({ kind: "refused", run: "moved", code: "DF_RUN_CONFLICT", pid: 3, at: 99 })],
  [
    "two lives see two answers",
    "I2",
    "plain",
    events("settled", "plain", (event, index) => (index === 1 ? ({ ...event, value: 2 } as LifeEvent) : event)),
  ],
  [
    "two lives see two ends",
    "I2",
    "once",
    events("settled", "once", (event, index) => (index === 1 ? ({ ...event, status: "completed" } as LifeEvent) : event)),
  ],
  [
    "a task starts before what it reads has ended",
    "I3",
    "moved",
    lines("moved", (list) => [...list.slice(0, 1), ...list.slice(2, 3), at(list, 1), ...list.slice(3)]),
  ],
  ["an end is dropped", "I3", "plain", lines("plain", without(1))],
  [
    "a committed task starts again",
    "I3",
    "moved",
    lines("moved", (list) => [
      ...list.slice(0, 4),
      { ...at(list, 4), task: "a", attempt: 1 },
      { ...at(list, 5), task: "a", attempt: 1 },
      ...list.slice(4),
    ]),
  ],
  [
    "a committed task starts again in the same life",
    "I3",
    "plain",
    lines("plain", (list) => [...list.slice(0, 4), { ...at(list, 0), attempt: 2, at: at(list, 3).at }, ...list.slice(4)]),
  ],
  ["an acknowledged run never settles", "I4", "moved", events("settled", "moved", () => undefined)],
  [
    "a run appears from nowhere",
    "I4",
    "ghost",
    (history) => ({ ...history, lines: [...history.lines, { ...at([...history.lines], 0), run: "ghost" }] }),
  ],
  ["an attempt starts twice under a fence", "I5", "moved", lines("moved", (list) => [at(list, 0), ...list])],
  ["an attempt is left out", "I5", "moved", lines("moved", without(2))],
  [
    "attempts fall at a death",
    "I5",
    "moved",
    lines("moved", (list) => list.map((line, index) => (index === 4 || index === 5 ? { ...line, attempt: 1 } : line))),
  ],
  [
    "more attempts are left out than there were deaths",
    "I5",
    "moved",
    lines("moved", (list) =>
      list.map((line, index) => ({ ...line, fence: line.fence * 1000, attempt: index >= 4 && index < 8 ? 4 : line.attempt })),
    ),
  ],
  [
    "attempts exceed the limit and the deaths",
    "I5",
    "moved",
    lines("moved", (list) => [...list.slice(0, 6), ...list.slice(6, 8).map((line) => ({ ...line, attempt: 6 })), ...list.slice(8)]),
  ],
  ["an end has no start", "I5", "moved", lines("moved", without(6))],
  ["an attempt ends twice", "I5", "moved", lines("moved", (list) => [...list, at(list, -1)])],
  [
    "a later life has the fence of the one before",
    "I6",
    "moved",
    lines("moved", (list) => [...list.slice(0, 4).map((line) => ({ ...line, fence: 2 })), ...list.slice(4)]),
  ],
  ["fences fall", "I6", "moved", lines("moved", (list) => list.map((line) => ({ ...line, fence: 5 - line.fence })))],
  ["a completed run executes again", "E", "plain", lines("plain", executed({ task: "c", pid: 2, fence: 2, attempt: 2 }))],
  ["a run that ended unknown executes", "E", "once", lines("once", executed({ task: "c", pid: 3, fence: 3 }))],
  ["a task of a completed run never ended", "E", "moved", lines("moved", without(9))],
  ["a task of a completed run never ran", "E", "moved", lines("moved", (list) => list.slice(0, 8))],
  [
    "a completed run has executed a strange task",
    "E",
    "moved",
    lines("moved", (list) => list.flatMap((line) => (line.task === "a" ? [line, { ...line, task: "z" }] : [line]))),
  ],
  [
    "an interrupted attempt is repeated that must not be",
    "D",
    "once",
    lines("once", (list) => [...list, { ...at(list, -1), pid: 3, fence: 3 }]),
  ],
  [
    "the outcome of an ordinary task is unknown",
    "D",
    "once",
    events("settled", "once", (event) => ({ ...event, value: unknownOutcome("a") }) as LifeEvent),
  ],
  [
    "an outcome is unknown that nothing interrupted",
    "D",
    "once",
    (history) => ({ ...history, events: history.events.filter(({ kind }) => kind !== "died" && kind !== "thread-died") }),
  ],
  [
    "an outcome is unknown whose dependent has started",
    "D",
    "once",
    lines("once", (list) => [...list, { ...at(list, -1), phase: "end" }, { ...at(list, -1), task: "c" }]),
  ],
  ["a key changes with the attempt", "B", "moved", requests("moved", "b", { key: "other" })],
  ["a key is another task's", "B", "plain", requests("plain", "b", { key: "plain/a" })],
  ["another amount is booked", "B", "plain", requests("plain", "b", { amount: 8 })],
  ["an effect is missing", "B", "plain", requests("plain", "b", undefined)],
  [
    "a result is another than without faults",
    "R",
    "plain",
    events("settled", "plain", (event) => ({ ...event, value: { is: "other" } }) as LifeEvent),
  ],
  [
    "a run fails that cannot",
    "R",
    "moved",
    events(
      "settled",
      "moved",
      (event) => ({ ...event, status: "failed", value: { name: "DataFlowerError", code: "DF_WORKER_LOST", message: "m" } }) as LifeEvent,
    ),
  ],
  ["an error is none", "I9", "once", events("settled", "once", (event) => ({ ...event, value: undefined }) as LifeEvent)],
];

describe("durableViolationsOf()", () => {
  test("accepts a history that keeps every promise", () => {
    expect(durableViolationsOf(goodHistory())).toEqual([]);
    expect(durableViolationsOf({ ...goodHistory(), commit: "pipelined" })).toEqual([]);
  });

  test.each(mutants)("notices when %s", (_, invariant, id, change) => {
    const violations = durableViolationsOf(change(goodHistory()));
    expect(violations).toContainEqual(expect.objectContaining({ invariant, run: id }));
    for (const { run: blamed } of violations) expect(blamed).toBe(id);
  });

  test("lets pipelined commits lose what dependents have read", () => {
    const pipelined = (change: Change): DurableHistory => ({ ...change(goodHistory()), commit: "pipelined" });
    const repeated = mutants.find(([what]) => what === "a committed task starts again")?.[3] as Change; // it is there
    expect(durableViolationsOf(pipelined(repeated))).toEqual([]);
  });

  test("refuses a history with a life that nobody watched", () => {
    const history = goodHistory();
    const unwatched = { ...history, events: history.events.filter(({ kind, pid }) => kind !== "born" || pid !== 2) };
    expect(() => durableViolationsOf(unwatched)).toThrow("found 2");
  });
});

test("standingAtDeath() tells what was committed and what was in progress", () => {
  expect(standingAtDeath(goodHistory(), 1)).toEqual({ committed: 4, running: 2, unconfirmed: 2 });
  expect(standingAtDeath(goodHistory(), 2)).toEqual({ committed: 5, running: 1, unconfirmed: 2 });
});

test("bookingsOf() books once what is asked for twice", () => {
  const request = { key: "k", run: "r", task: "t", attempt: 1, fence: 1, pid: 1, amount: 3 };
  const other = { ...request, amount: 4 };
  expect([...bookingsOf([request, { ...request, fence: 2 }, other])]).toEqual([
    ["k", { run: "r", task: "t", amount: 3, asked: 3, applied: 1, conflicting: [other] }],
  ]);
});

describe("what a runtime may do that keeps its promises is accepted", () => {
  test.each(["strict", "pipelined"] as const)("where commits are %s", (commit) => {
    const seen = { repeated: 0, unknown: 0, deaths: 0, unheard: 0 };
    const options = fc.record({
      seed: fc.integer(),
      runs: fc.integer({ min: 1, max: 4 }),
      tasks: fc.integer({ min: 1, max: 8 }),
      deaths: fc.integer({ min: 0, max: 4 }),
      threadDeaths: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(options, (drawn) => {
        const history = simulateHistory({ ...drawn, commit });
        expect(durableViolationsOf(history)).toEqual([]);
        const starts = history.lines.filter(({ phase }) => phase === "start").map((line) => `${line.run} ${line.task} ${line.attempt}`);
        seen.repeated += starts.length - new Set(starts).size;
        seen.deaths += eventsOf(history.events, "died").length - 1;
        seen.unknown += eventsOf(history.events, "settled").filter(({ status }) => status === "failed").length;
        seen.unheard += eventsOf(history.events, "asking").length - eventsOf(history.events, "accepted").length;
      }),
      { numRuns: 300 },
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
  });

  /** Ways in which a whole runtime could be wrong, that show in some of its histories only. */
  const habits: ReadonlyArray<[what: string, invariant: string, change: Change]> = [
    ["forgets its fences", "I6", (history) => ({ ...history, lines: history.lines.map((line) => ({ ...line, fence: 1 })) })],
    [
      "forgets a run",
      "I1",
      (history) => ({
        ...history,
        events: history.events.map((event) => (event.kind === "found" ? { ...event, status: undefined } : event)),
      }),
    ],
    [
      "makes a key for each attempt",
      "B",
      (history) => ({ ...history, requests: history.requests.map((request) => ({ ...request, key: `${request.key} ${request.fence}` })) }),
    ],
  ];

  test.each(habits)("and one that %s is not", (_, invariant, change) => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const histories = seeds.map((seed) => simulateHistory({ seed, runs: 3, tasks: 6, deaths: 3, threadDeaths: 0, commit: "strict" }));
    const found = histories.flatMap((history) => durableViolationsOf(change(history)));
    expect(found).toContainEqual(expect.objectContaining({ invariant }));
  });
});
