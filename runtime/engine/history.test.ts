/** The checker of histories is checked: it must accept what may happen, and catch each way of breaking a promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { type AcceptedRun, type History, type ObservedOutcome, violationsOf } from "./fixtures/history.fixture.js";
import type { LedgerLine } from "./fixtures/ledger.fixture.js";

const slackMs = 10;
const throws = { name: "TypeError", message: "no luck", code: "E_LUCK" };

/** Writes a history as a runtime would that keeps its promises. Time is the number of the line. */
class Writer {
  readonly lines: LedgerLine[] = [];
  readonly accepted: AcceptedRun[] = [];
  readonly outcomes: ObservedOutcome[] = [];
  #at = 0;

  accept(id: string, tasks: readonly string[]): void {
    this.accepted.push({ id, workflow: "w", tasks, attemptsMax: 3, throws });
  }

  note(run: string, task: string, phase: LedgerLine["phase"], attempt = 1, fence = 1): void {
    this.lines.push({ run, task, attempt, fence, phase, pid: 1, thread: fence, at: this.#next() });
  }

  execute(run: string, task: string, attempt = 1, fence = 1): void {
    this.note(run, task, "start", attempt, fence);
    this.note(run, task, "end", attempt, fence);
  }

  settle(run: string, status: ObservedOutcome["status"], value: unknown): void {
    for (let observer = 0; observer < 2; observer++) this.outcomes.push({ run, status, value, at: this.#next() });
  }

  wait(ms: number): void {
    this.#at += ms;
  }

  get history(): History {
    return { lines: this.lines, accepted: this.accepted, outcomes: this.outcomes, slackMs };
  }

  #next(): number {
    this.#at += 1;
    return this.#at;
  }
}

function failed(task: string, attempts: number): DataFlowerError {
  const cause = Object.assign(new TypeError(throws.message), { code: throws.code });
  return new DataFlowerError("DF_TASK_FAILED", `Cannot finish ${task}`, { cause, task, attempts });
}

/** A run that completes, one that completes at its second home, one that fails at its third attempt, one that is cancelled. */
function goodHistory(): History {
  const writer = new Writer();
  writer.accept("plain", ["a", "b"]);
  writer.execute("plain", "a");
  writer.note("plain", "b", "start");
  writer.note("plain", "b", "start", 2);
  writer.note("plain", "b", "end", 2);
  writer.settle("plain", "completed", { answer: 1 });

  writer.accept("moved", ["a", "b"]);
  writer.execute("moved", "a", 1, 1);
  writer.note("moved", "b", "start", 1, 1); // its thread ends here
  writer.execute("moved", "a", 1, 2);
  writer.execute("moved", "b", 2, 2); // and the attempt is charged
  writer.settle("moved", "completed", 2);

  writer.accept("failing", ["a", "b"]);
  for (const attempt of [1, 2, 3]) writer.note("failing", "a", "start", attempt);
  writer.settle("failing", "failed", failed("a", 3));

  writer.accept("cancelled", ["a", "b"]);
  writer.note("cancelled", "a", "start");
  writer.settle("cancelled", "cancelled", new DataFlowerError("DF_CANCELLED", "Cannot finish run as it was cancelled"));
  writer.execute("cancelled", "b"); // was already on its way
  return writer.history;
}

type Change = (history: History) => History;

/** Changes the lines of one run. */
const lines =
  (run: string, change: (lines: LedgerLine[]) => LedgerLine[]): Change =>
  (history) => ({
    ...history,
    lines: [...history.lines.filter((line) => line.run !== run), ...change(history.lines.filter((line) => line.run === run))],
  });

/** Changes what the observers of one run were told; the first one alone, or all. */
const outcomes =
  (run: string, change: Partial<ObservedOutcome>, which: "first" | "all" = "all"): Change =>
  (history) => {
    const first = history.outcomes.findIndex((outcome) => outcome.run === run);
    const isMeant = (outcome: ObservedOutcome, index: number) => outcome.run === run && (which === "all" || index === first);
    return {
      ...history,
      outcomes: history.outcomes.map((outcome, index) => (isMeant(outcome, index) ? { ...outcome, ...change } : outcome)),
    };
  };

const at = (list: LedgerLine[], index: number): LedgerLine => list.at(index) as LedgerLine; // the histories above are this long
const without = (index: number) => (list: LedgerLine[]) => list.filter((_, position) => position !== index);
const again = (index: number) => (list: LedgerLine[]) => [...list, at(list, index)];
const changed = (index: number, change: Partial<LedgerLine>) => (list: LedgerLine[]) =>
  list.map((line, position) => (position === index ? { ...line, ...change } : line));
const error = (change: Readonly<Record<string, unknown>>) => outcomes("failing", { value: Object.assign(failed("a", 3), change) });

const mutants: ReadonlyArray<[what: string, invariant: string, run: string, change: Change]> = [
  ["a start is missing", "E", "plain", lines("plain", without(0))],
  ["an end is missing", "E", "plain", lines("plain", without(1))],
  ["a first attempt is missing", "I5", "plain", lines("plain", without(2))],
  ["an attempt ends twice", "I5", "plain", lines("plain", again(1))],
  ["an attempt starts twice", "I5", "plain", lines("plain", (list) => [at(list, 0), ...list])],
  ["an attempt ends without having started", "I5", "plain", lines("plain", changed(1, { attempt: 2 }))],
  ["an attempt number is left out", "I5", "failing", lines("failing", without(1))],
  ["attempt numbers fall", "I5", "failing", lines("failing", (list) => [at(list, 1), at(list, 0), at(list, 2)])],
  ["an attempt exceeds the limit", "I5", "failing", lines("failing", (list) => [...list, { ...at(list, 2), attempt: 4 }])],
  ["an attempt is numbered 0", "I5", "plain", lines("plain", changed(0, { attempt: 0 }))],
  ["a task that ended well is started again", "I5", "plain", lines("plain", (list) => [...list, { ...at(list, 0), attempt: 2 }])],
  [
    "a charge that nobody can have made",
    "I5",
    "moved",
    lines("moved", (list) => list.map((line) => (line.fence === 2 ? { ...line, attempt: 3 } : line))),
  ],
  [
    "fences are swapped",
    "I6",
    "moved",
    lines("moved", (list) => list.map((line) => ({ ...line, fence: 3 - line.fence, at: line.at * 100 }))),
  ],
  [
    "an old home goes on",
    "I6",
    "moved",
    lines("moved", (list) => [...list, { ...at(list, 0), task: "b", attempt: 2, at: at(list, -1).at + 100 }]),
  ],
  ["a fence is below the first", "I6", "plain", lines("plain", (list) => list.map((line) => ({ ...line, fence: 0 })))],
  [
    "a task is done by the first home alone",
    "E",
    "moved",
    lines("moved", (list) => list.filter(({ task, fence }) => task === "b" || fence === 1)),
  ],
  [
    "a task is of another run",
    "E",
    "plain",
    lines("plain", (list) => [...list, { ...at(list, 0), task: "c" }, { ...at(list, 1), task: "c" }]),
  ],
  ["a task starts after completion", "E", "moved", lines("moved", (list) => [...list, { ...at(list, -2), at: 1000 }])],
  ["a task starts long after cancellation", "E", "cancelled", lines("cancelled", changed(1, { at: 1000 }))],
  ["a run is lost", "I4", "moved", (history) => ({ ...history, outcomes: history.outcomes.filter(({ run }) => run !== "moved") })],
  [
    "a run appears from nowhere",
    "I4",
    "ghost",
    lines("ghost", () => [{ run: "ghost", task: "a", attempt: 1, fence: 1, phase: "start", pid: 1, thread: 1, at: 1 }]),
  ],
  [
    "an unknown run settles",
    "I4",
    "ghost",
    (history) => ({ ...history, outcomes: [...history.outcomes, { run: "ghost", status: "completed", value: 1, at: 1 }] }),
  ],
  ["two observers see two answers", "I2", "plain", outcomes("plain", { value: { answer: 2 } }, "first")],
  ["two observers see two ends", "I2", "plain", outcomes("plain", { status: "failed", value: failed("a", 1) }, "first")],
  [
    "two observers see two errors",
    "I2",
    "failing",
    outcomes("failing", { value: Object.assign(failed("a", 3), { message: "other" }) }, "first"),
  ],
  ["an error is of another class", "I9", "failing", error({ name: "Error" })],
  ["an error has no code", "I9", "failing", error({ code: undefined })],
  ["an error is none", "I9", "failing", outcomes("failing", { value: undefined })],
  ["an error has no message", "I9", "failing", error({ message: "" })],
  ["an error names no task", "I9", "failing", error({ task: undefined })],
  ["an error names another task", "I9", "failing", error({ task: "c" })],
  ["an error counts no attempts", "I9", "failing", error({ attempts: undefined })],
  ["an error counts too few attempts", "I9", "failing", error({ attempts: 2 })],
  ["an error counts too many attempts", "I9", "failing", error({ attempts: 4 })],
  ["a cause is lost", "I9", "failing", error({ cause: undefined })],
  ["a cause loses its class", "I9", "failing", error({ cause: Object.assign(new Error(throws.message), { code: throws.code }) })],
  ["a cause loses its code", "I9", "failing", error({ cause: new TypeError(throws.message) })],
  ["a cause loses its message", "I9", "failing", error({ cause: Object.assign(new TypeError("luck"), { code: throws.code }) })],
  ["a failed run says that it was cancelled", "I9", "failing", error({ code: "DF_CANCELLED" })],
  ["a cancelled run says that it failed", "I9", "cancelled", outcomes("cancelled", { value: failed("a", 1) })],
];

describe("violationsOf()", () => {
  test("accepts a history that keeps every promise", () => {
    expect(violationsOf(goodHistory())).toEqual([]);
    expect(violationsOf({ lines: [], accepted: [], outcomes: [], slackMs })).toEqual([]);
  });

  test.each(mutants)("notices when %s", (_, invariant, run, change) => {
    const violations = violationsOf(change(goodHistory()));
    expect(violations).toContainEqual(expect.objectContaining({ invariant, run }));
    for (const { run: blamed, lines: shown } of violations) {
      expect(blamed).toBe(run);
      expect(shown.every((line) => line.run === run)).toBe(true);
    }
  });

  test("shows the lines that break the promise", () => {
    const [violation] = violationsOf(lines("plain", again(1))(goodHistory()));
    expect(violation?.lines.map(({ task, phase }) => `${task} ${phase}`)).toEqual(["a start", "a end", "a end"]);
    expect(violation?.message).toBe("Run plain of w: attempt 1 of a ended twice");
  });
});

/** What may happen to a run: some homes whose threads die, each with a task in hand, then one that comes to the end. */
const runFate = fc.record({
  throwing: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
  deaths: fc.array(fc.record({ inHand: fc.nat(3), before: fc.nat(3), isWritten: fc.boolean() }), { maxLength: 2 }),
});

test("accepts whatever a runtime may do that charges the attempts of dead threads", () => {
  fc.assert(
    fc.property(fc.array(runFate, { maxLength: 4 }), (runs) => {
      const writer = new Writer();
      for (const [index, { throwing, deaths }] of runs.entries()) play(writer, `run-${index}`, throwing, deaths);
      expect(violationsOf(writer.history)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

interface Death {
  /** Task that the thread had in hand. */
  readonly inHand: number;
  /** Tasks that ended before. */
  readonly before: number;
  /** Whether the attempt in hand had written its line. */
  readonly isWritten: boolean;
}

/** @param throwing how often each task throws before it returns */
function play(writer: Writer, run: string, throwing: readonly number[], deaths: readonly Death[]): void {
  const tasks = throwing.map((_, index) => `task-${index}`);
  const charged = tasks.map(() => 0);
  writer.accept(run, tasks);
  for (const [index, { inHand, before, isWritten }] of deaths.entries()) {
    const lost = inHand % tasks.length;
    if ((charged[lost] ?? 0) >= 2) continue;
    for (let task = 0; task < Math.min(before, lost); task++)
      attemptUntilReturn(writer, run, task, charged[task] ?? 0, index + 1, throwing[task] ?? 0);
    charged[lost] = (charged[lost] ?? 0) + 1;
    if (isWritten) writer.note(run, `task-${lost}`, "start", charged[lost], index + 1);
  }
  for (const task of tasks.keys()) attemptUntilReturn(writer, run, task, charged[task] ?? 0, deaths.length + 1, throwing[task] ?? 0);
  writer.settle(run, "completed", run);
}

function attemptUntilReturn(writer: Writer, run: string, task: number, charged: number, fence: number, throwing: number): void {
  const last = Math.min(3, charged + 1 + throwing);
  for (let attempt = charged + 1; attempt < last; attempt++) writer.note(run, `task-${task}`, "start", attempt, fence);
  writer.execute(run, `task-${task}`, last, fence);
}
