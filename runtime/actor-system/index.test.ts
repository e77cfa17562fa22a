import * as door from "dataflower/actors";
import { type Actor, ActorSystem, type DeadLetter, type KernelRef, ManualClock, restartsMax, type Supervise } from "dataflower/actors";
import { describe, expect, test } from "vitest";

test("the door offers these names and no others", () => {
  expect(Object.keys(door).sort()).toEqual([
    "ActorSystem",
    "DataFlowerError",
    "ManualClock",
    "askMsDefault",
    "batchMessagesMax",
    "createActorSystem",
    "createTestKit",
    "deadLettersKeptMax",
    "deadLettersWaitingMax",
    "defineActor",
    "escalateOnFailure",
    "explore",
    "mailboxDepthDefault",
    "restartWindowMs",
    "restartsMax",
    "stopOnFailure",
  ]);
});

type CounterMessage = { readonly kind: "add"; readonly amount: number } | { readonly kind: "report"; readonly to: KernelRef<number> };

/** Counts; an amount that is no number is a mistake of the sender's, an overflow one of the counter's. */
class Counter implements Actor<CounterMessage> {
  #count = 0;

  receive(message: CounterMessage): void {
    if (message.kind === "report") {
      message.to.tell(this.#count);
      return;
    }
    if (Number.isNaN(message.amount)) throw new TypeError("not a number");
    this.#count += message.amount;
    if (!Number.isSafeInteger(this.#count)) throw new RangeError("too many");
  }
}

/** A wrong message costs the message, a broken counter starts at zero, anything else is for somebody who knows more. */
const supervise: Supervise = (error) => {
  if (error instanceof TypeError) return "resume";
  return error instanceof RangeError ? "restart" : "escalate";
};

describe("a supervised counter, through the door", () => {
  function setUp() {
    const reports: number[] = [];
    const failures: unknown[] = [];
    const system: ActorSystem = new ActorSystem({
      clock: new ManualClock(),
      onRunnable: () => runs.push(system),
      onFailure: (error) => failures.push(error),
    });
    const runs: ActorSystem[] = [];
    const reporter = system.spawn<number>("reporter", () => ({ receive: (count) => void reports.push(count) }));
    const counter = system.spawn<CounterMessage>("counter", () => new Counter(), { supervise });
    const add = (...amounts: number[]) => amounts.map((amount) => counter.tell({ kind: "add", amount }));
    const report = () => {
      counter.tell({ kind: "report", to: reporter });
      system.run(Number.MAX_SAFE_INTEGER);
      return reports.at(-1);
    };
    return { system, runs, failures, counter, add, report };
  }

  test("counts, keeps its count after a wrong message, and starts at zero after an overflow", () => {
    const { add, report, runs } = setUp();
    add(1, 2, Number.NaN, 4);
    expect(runs.length).toBe(1);
    expect(report()).toBe(7);
    add(Number.MAX_SAFE_INTEGER, 3);
    expect(report()).toBe(3);
  });

  test("is given up when it breaks too often, and what is told to it then is a dead letter", () => {
    const { system, failures, counter, add, report } = setUp();
    add(...Array.from({ length: restartsMax + 1 }, () => Number.POSITIVE_INFINITY));
    report();
    expect(failures).toEqual([new RangeError("too many")]);
    const letters: DeadLetter[] = [];
    system.deadLetters.listen((letter) => letters.push(letter));
    expect(add(1)).toEqual([false]);
    expect(letters).toEqual([{ to: counter.name, message: { kind: "add", amount: 1 }, reason: "stopped" }]);
  });
});

describe("options that break a rule", () => {
  const system = new ActorSystem({ clock: new ManualClock() });
  const start = () => ({ receive() {} });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "8"])("a mailbox of %s messages is refused", (depth) => {
    const options = { mailboxDepthMax: depth as number };
    expect(() => system.spawn("a", start, options)).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
  });

  test("a parent that is no actor is refused", () => {
    const parent = { name: "p", tell: () => true, stop: () => {} };
    expect(() => system.spawn("a", start, { parent })).toThrow(expect.objectContaining({ code: "DF_OPTION_INVALID" }));
  });
});
