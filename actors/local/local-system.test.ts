import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../kernel/errors.js";
import type { Directive } from "../kernel/supervision.js";
import { TestKit } from "../testing/test-kit.js";
import { type LocalContext, makeDefinition } from "./definition.js";
import type { Outcome } from "./outcome.js";
import { Ref } from "./ref.js";
import { nameCharsMax, type SpawnOptions } from "./spawn-settings.js";
import type { Terminated } from "./terminated.js";

type CounterMessage =
  | { readonly kind: "add"; readonly amount: number }
  | { readonly kind: "sum"; readonly replyTo: Ref<number> }
  | { readonly kind: "break" };

const counter = makeDefinition<CounterMessage, { readonly from: number }>((_, { from }) => {
  let sum = from;
  return (message) => {
    if (message.kind === "break") throw new RangeError("broken");
    if (message.kind === "add") sum += message.amount;
    else message.replyTo.tell(sum);
  };
});

/** Does what it is told. */
const obedient = makeDefinition<(context: LocalContext<never>) => void, undefined>(
  (context) => (act) => act(context as LocalContext<never>),
  { immutable: true },
);

const sum = (replyTo: Ref<number>): CounterMessage => ({ kind: "sum", replyTo });
const code = (wanted: string) => expect.objectContaining({ code: wanted });

function setUp(options: ConstructorParameters<typeof TestKit>[0] = {}) {
  const kit = new TestKit(options);
  const { system } = kit;
  const outcomes: Outcome<unknown>[] = [];
  const ask = <Sent>(ref: Ref<Sent>, make: (replyTo: Ref<unknown>) => Sent, timeoutMs = 1000) =>
    system.ask<Sent, unknown>(Ref.targetOf(ref), make, timeoutMs, (outcome) => void outcomes.push(outcome));
  return { kit, system, outcomes, ask };
}

describe("LocalSystem", () => {
  test("spawns, tells and asks", () => {
    const { kit, system, outcomes, ask } = setUp();
    const ref = system.spawn(counter, { from: 5 });
    expect(ref.tell({ kind: "add", amount: 2 })).toBe(true);
    ask(ref, sum);
    expect(outcomes).toEqual([]);
    kit.run();
    expect(outcomes).toEqual([{ answer: 7 }]);
  });

  test("copies messages and arguments, and says where they are no data", () => {
    const { kit, system } = setUp();
    const keep = makeDefinition<{ list: number[] }, { list: number[] }>((_, args) => (message) => void kept.push(args, message));
    const kept: { list: number[] }[] = [];
    const args = { list: [1] };
    const message = { list: [2] };
    const ref = system.spawn(keep, args);
    ref.tell(message);
    args.list[0] = 9;
    message.list[0] = 9;
    kit.run();
    expect(kept).toEqual([{ list: [1] }, { list: [2] }]);
    expect(() => ref.tell({ list: [() => {}] } as never)).toThrow(code("DF_UNSERIALIZABLE"));
    expect(() => system.spawn(keep, { list: [Symbol("no")] } as never)).toThrow(/\$\.list\[0\]/);
  });

  test("hands the messages of an immutable definition over as they are", () => {
    const { kit, system } = setUp();
    const seen: object[] = [];
    const ref = system.spawn(
      makeDefinition<object, undefined>(() => (message) => void seen.push(message), { immutable: true }),
      undefined,
    );
    const message = { act: () => {} };
    ref.tell(message);
    kit.run();
    expect(seen[0]).toBe(message);
  });

  test("lets refs travel in messages, and nowhere else", async () => {
    const { kit, system } = setUp();
    const probe = kit.probe<number>();
    const relay = makeDefinition<{ to: Map<string, Ref<number>> }, undefined>(
      () =>
        ({ to }) =>
          void to.get("it")?.tell(7),
    );
    system.spawn(relay, undefined).tell({ to: new Map([["it", probe.ref]]) });
    kit.run();
    expect(probe.received).toEqual([7]);
    const { copyValue } = await import("../kernel/value.js");
    expect(() => copyValue({ to: probe.ref })).toThrow(code("DF_UNSERIALIZABLE"));
  });

  test("knows actors by their names, which are free again when they stop", () => {
    const { system } = setUp();
    const ref = system.spawn(counter, { from: 0 }, { name: "sums" });
    expect(ref.name).toBe("sums");
    expect(system.lookup("sums")).toBe(ref);
    expect(() => system.spawn(counter, { from: 0 }, { name: "sums" })).toThrow(code("DF_ACTOR_NAME_TAKEN"));
    ref.stop();
    expect(system.lookup("sums")).toBe(undefined);
    expect(system.spawn(counter, { from: 0 }, { name: "sums" }).name).toBe("sums");
  });

  test("names children after their parents", () => {
    const { kit, system } = setUp();
    const parent = system.spawn(obedient, undefined, { name: "parent" });
    const names: string[] = [];
    parent.tell((context) => {
      names.push(context.spawn(counter, { from: 0 }, { name: "child" }).name, context.spawn(counter, { from: 0 }).name);
      expect(() => context.spawn(counter, { from: 0 }, { name: "child" })).toThrow(code("DF_ACTOR_NAME_TAKEN"));
    });
    kit.run();
    expect(names).toEqual(["parent/child", expect.stringMatching(/^parent\/#\d+$/)]);
    expect(system.lookup("parent/child")?.name).toBe("parent/child");
    parent.stop();
    expect(system.lookup("parent/child")).toBe(undefined);
  });

  test.each<[string, SpawnOptions]>([
    ["a mailbox of size 0", { mailbox: { depthMax: 0 } }],
    ["an overflow that is none", { mailbox: { overflow: "spill" as "refuse" } }],
    ["a directive that is none", { supervision: "pray" as Directive }],
    ["fewer restarts than none", { supervision: { restartsMax: -1 } }],
    ["an empty window", { supervision: { restartWindowMs: 0 } }],
    ["a name with a stroke", { name: "a/b" }],
    ["a number's name", { name: "#1" }],
    ["an empty name", { name: "" }],
    ["a long name", { name: "n".repeat(nameCharsMax + 1) }],
    ["an unknown option", { nmae: "n" } as SpawnOptions],
    ["an unknown option of the mailbox", { mailbox: { size: 3 } as object }],
    ["options that are no object", 3 as SpawnOptions],
  ])("refuses %s", (_, options) => {
    const { system } = setUp();
    expect(() => system.spawn(counter, { from: 0 }, options)).toThrow(code("DF_OPTION_INVALID"));
  });

  test("refuses what is no definition", () => {
    const { system } = setUp();
    expect(() => system.spawn({ begin: () => () => {} } as never, undefined)).toThrow(code("DF_OPTION_INVALID"));
    expect(() => makeDefinition("no" as never)).toThrow(code("DF_OPTION_INVALID"));
    expect(() => makeDefinition(() => () => {}, { supervise: 3 as never })).toThrow(code("DF_OPTION_INVALID"));
    expect(() => makeDefinition(() => () => {}, { immutable: 1 as never })).toThrow(code("DF_OPTION_INVALID"));
  });

  test("says why an actor did not start, and frees its name and ends its children", () => {
    const { kit, system } = setUp();
    const orphan = kit.probe();
    const bad = makeDefinition<number, undefined>((context) => {
      orphan.watch(context.spawn(counter, { from: 0 }));
      throw new TypeError("no start");
    });
    expect(() => system.spawn(bad, undefined, { name: "bad" })).toThrow(code("DF_ACTOR_FAILED"));
    expect(system.lookup("bad")).toBe(undefined);
    expect(orphan.terminated).toMatchObject([{ reason: "stopped" }]);
  });
});

describe("mailboxes", () => {
  const full = { mailbox: { depthMax: 2 } };

  test("refuse what finds no room, and say so", () => {
    const { kit, system } = setUp();
    const probe = kit.probe<number>("probe");
    const ref = system.spawn(counter, { from: 0 }, full);
    const add = (amount: number) => ref.tell({ kind: "add", amount });
    expect([add(1), add(2), add(3)]).toEqual([true, true, false]);
    expect(kit.deadLetters).toMatchObject([{ message: { amount: 3 }, reason: "full" }]);
    ref.tell({ kind: "sum", replyTo: probe.ref });
    expect(kit.deadLetters.length).toBe(2);
  });

  test("give up the oldest where that was chosen", () => {
    const { kit, system, outcomes, ask } = setUp({ mailbox: { depthMax: 2, overflow: "drop-oldest" } });
    const ref = system.spawn(counter, { from: 0 });
    ask(ref, sum);
    expect([1, 2].map((amount) => ref.tell({ kind: "add", amount }))).toEqual([true, true]);
    expect(kit.deadLetters).toMatchObject([{ message: { kind: "sum" }, reason: "dropped" }]);
    expect(outcomes).toEqual([{ error: code("DF_MAILBOX_FULL") }]);
    ask(ref, sum);
    kit.run();
    expect(outcomes[1]).toEqual({ answer: 2 });
  });

  test("let in those that wait, in their order, and let nobody overtake them", () => {
    const { kit, system } = setUp();
    const seen: number[] = [];
    const note = makeDefinition<number, undefined>(() => (n) => void seen.push(n));
    const ref = system.spawn(note, undefined, { mailbox: { depthMax: 1 } });
    const ends: (DataFlowerError | undefined)[] = [];
    const deliver = (n: number) => Ref.targetOf(ref).deliver(n, (failure) => void ends.push(failure));
    deliver(1);
    deliver(2);
    deliver(3);
    expect(ends).toEqual([undefined]);
    kit.step();
    expect(ends.length).toBe(2);
    expect(ref.tell(9)).toBe(false); // 3 waits
    kit.run();
    expect(ref.tell(4)).toBe(true);
    kit.run();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(ends).toEqual([undefined, undefined, undefined]);
  });

  test("turn into dead letters when their actor stops, and so does who waits for room", () => {
    const { kit, system } = setUp();
    const ref = system.spawn(counter, { from: 0 }, { mailbox: { depthMax: 1 } });
    const ends: unknown[] = [];
    for (const amount of [1, 2]) Ref.targetOf(ref).deliver({ kind: "add", amount }, (failure) => void ends.push(failure));
    ref.stop();
    expect(kit.deadLetters.map(({ message, reason }) => [message, reason])).toEqual([
      [{ kind: "add", amount: 1 }, "stopped"],
      [{ kind: "add", amount: 2 }, "stopped"],
    ]);
    expect(ends).toEqual([undefined, code("DF_ACTOR_STOPPED")]);
    Ref.targetOf(ref).deliver({ kind: "break" }, (failure) => void ends.push(failure));
    expect(ends[2]).toEqual(code("DF_ACTOR_STOPPED"));
  });
});

describe("asks", () => {
  test("end when the actor has stopped, before and after", () => {
    const { system, outcomes, ask } = setUp();
    const ref = system.spawn(counter, { from: 0 });
    ask(ref, sum);
    ref.stop();
    ask(ref, sum);
    expect(outcomes).toEqual([{ error: code("DF_ACTOR_STOPPED") }, { error: code("DF_ACTOR_STOPPED") }]);
  });

  test("end when the handler throws", () => {
    const { kit, system, outcomes, ask } = setUp();
    const rude = makeDefinition<{ deep: { replyTo: Ref<unknown> }[] }, undefined>(() => () => {
      throw new TypeError("rude");
    });
    ask(system.spawn(rude, undefined), (replyTo) => ({ deep: [{ replyTo }] }));
    kit.run();
    expect(outcomes).toEqual([{ error: code("DF_ACTOR_FAILED") }]);
    expect((outcomes[0] as { error: DataFlowerError }).error.cause).toBeInstanceOf(TypeError);
  });

  test("end in time; what comes later is a dead letter", () => {
    const { kit, system, outcomes, ask } = setUp();
    const late = makeDefinition<Ref<unknown>, undefined>((context) => {
      let waiting: Ref<unknown> | undefined;
      return (replyTo) => {
        if (waiting !== undefined) waiting.tell("late");
        else context.after(500, replyTo as never);
        waiting ??= replyTo;
      };
    });
    ask(system.spawn(late, undefined), (replyTo) => replyTo, 100);
    kit.advance(99);
    expect(outcomes).toEqual([]);
    kit.advance(8);
    expect(outcomes).toEqual([{ error: code("DF_ASK_TIMEOUT") }]);
    kit.advance(500);
    expect(outcomes.length).toBe(1);
    expect(kit.deadLetters).toMatchObject([{ message: "late", reason: "stopped" }]);
  });

  test("end early when they are cancelled, and once", () => {
    const { kit, system, outcomes, ask } = setUp();
    const ref = system.spawn(counter, { from: 0 });
    const cancel = ask(ref, sum);
    cancel();
    cancel();
    kit.run();
    expect(outcomes).toEqual([{ error: code("DF_CANCELLED") }]);
  });

  test("throw what is no data or no timeout, and leave nothing behind", () => {
    const { kit, system, outcomes, ask } = setUp();
    const ref = system.spawn(counter, { from: 0 });
    expect(() => ask(ref, (replyTo) => ({ kind: "sum", replyTo, extra: Symbol("no") }) as never)).toThrow(code("DF_UNSERIALIZABLE"));
    expect(() => ask(ref, sum, Number.NaN)).toThrow(code("DF_OPTION_INVALID"));
    kit.advance(2000);
    expect(outcomes).toEqual([]);
  });

  test("of an actor come back to it in its own words", () => {
    const { kit, system } = setUp();
    const told: Outcome<number>[] = [];
    const asker = makeDefinition<Outcome<number> | Ref<CounterMessage>, undefined>((context) => (message) => {
      if (!(message instanceof Ref)) told.push(message);
      else
        context.ask(
          message,
          (replyTo: Ref<number>) => ({ kind: "sum", replyTo }),
          (outcome) => outcome,
          { timeoutMs: 100 },
        );
    });
    const ref = system.spawn(asker, undefined);
    const target = system.spawn(counter, { from: 3 });
    ref.tell(target);
    kit.run();
    target.stop();
    ref.tell(target);
    kit.run();
    expect(told).toEqual([{ answer: 3 }, { error: code("DF_ACTOR_STOPPED") }]);
  });
});

describe("supervision", () => {
  const sumOf = (given: SpawnOptions["supervision"]) => {
    const { kit, system, outcomes, ask } = setUp();
    const watcher = kit.probe();
    const ref = system.spawn(counter, { from: 1 }, given === undefined ? {} : { supervision: given });
    watcher.watch(ref);
    ref.tell({ kind: "add", amount: 1 });
    ref.tell({ kind: "break" });
    ask(ref, sum);
    kit.run();
    return { kit, outcome: outcomes[0], ends: watcher.terminated };
  };

  test("resumes, restarts with the start arguments, stops or escalates", () => {
    expect(sumOf("resume")).toMatchObject({ outcome: { answer: 2 }, ends: [] });
    expect(sumOf("restart")).toMatchObject({ outcome: { answer: 1 }, ends: [] });
    for (const given of ["stop", "escalate", undefined] as const) {
      const { kit, outcome, ends } = sumOf(given);
      expect(outcome).toEqual({ error: code("DF_ACTOR_STOPPED") });
      expect(ends).toMatchObject([{ reason: "failed", error: { message: "broken" }, isRestarted: false }]);
      expect(kit.failures).toMatchObject([{ error: { message: "broken" } }]);
    }
  });

  test("is the definition's affair unless whoever spawns says something", () => {
    const { kit, system } = setUp();
    let lives = 0;
    const fragile = makeDefinition<string, undefined>(
      () => {
        lives += 1;
        return (message) => {
          throw message === "type" ? new TypeError() : new RangeError();
        };
      },
      { supervise: (error) => (error instanceof TypeError ? "restart" : "resume") },
    );
    const own = system.spawn(fragile, undefined);
    own.tell("type");
    own.tell("range");
    kit.run();
    expect(lives).toBe(2);
    const other = system.spawn(fragile, undefined, { supervision: "stop" });
    other.tell("type");
    kit.run();
    expect(lives).toBe(3);
    expect(kit.failures.length).toBe(1);
  });

  test("gives up what fails again and again, with one error", () => {
    const { kit, system } = setUp();
    const watcher = kit.probe();
    let lives = 0;
    const hopeless = makeDefinition<number, undefined>(() => {
      lives += 1;
      return () => {
        throw new Error("again");
      };
    });
    const supervision = { directive: "restart", restartsMax: 3, restartWindowMs: 1000 } as const;
    const ref = system.spawn(hopeless, undefined, { supervision });
    watcher.watch(ref);
    for (let n = 0; n < 3; n++) ref.tell(n);
    kit.advance(1100);
    for (let n = 0; n < 3; n++) ref.tell(n);
    kit.run();
    expect({ lives, ends: watcher.terminated }).toEqual({ lives: 7, ends: [] });
    ref.tell(0);
    kit.run();
    expect(lives).toBe(7);
    expect(watcher.terminated).toEqual([expect.objectContaining({ reason: "failed", error: code("DF_ACTOR_RESTARTS") })]);
    expect(kit.failures).toEqual([{ actor: "", error: code("DF_ACTOR_RESTARTS") }]);
  });

  test("treats an actor as failed when a child of it escalates", () => {
    const { kit, system } = setUp();
    const begun: string[] = [];
    const parent = makeDefinition<"fail", undefined>((context) => {
      begun.push("parent");
      const child = context.spawn(counter, { from: 0 }, { supervision: "escalate" });
      return () => void child.tell({ kind: "break" });
    });
    const ref = system.spawn(parent, undefined, { supervision: "restart" });
    ref.tell("fail");
    ref.tell("fail");
    kit.run();
    expect(begun.length).toBe(3);
    expect(kit.failures).toEqual([]);
  });

  test("a restart calls stopped() of the life before it, and ends its timers, watches and children", () => {
    const { kit, system } = setUp();
    const log: string[] = [];
    const lived = makeDefinition<string, undefined>((context) => {
      context.every(100, "tick");
      const child = context.spawn(obedient, undefined);
      context.watch(child, (end: Terminated) => `child ${end.reason}`);
      return {
        receive(message) {
          log.push(message);
          if (message === "break") throw new Error("broken");
        },
        stopped: () => void log.push("stopped"),
      };
    });
    const ref = system.spawn(lived, undefined, { supervision: "restart" });
    kit.advance(104);
    ref.tell("break");
    kit.advance(104);
    expect(log).toEqual(["tick", "break", "stopped", "tick"]);
    ref.stop();
    kit.advance(500);
    expect(log.at(-1)).toBe("stopped");
    expect(log.length).toBe(5);
  });
});

describe("what a life may do", () => {
  test("watches others, also those that have ended", () => {
    const { kit, system } = setUp();
    const ends: string[] = [];
    const watching = makeDefinition<Ref<never> | string, undefined>((context) => (message) => {
      if (typeof message === "string") ends.push(message);
      else context.watch(message, ({ actor, reason }) => `${actor} ${reason}`);
    });
    const ref = system.spawn(watching, undefined);
    const first = system.spawn(counter, { from: 0 }, { name: "first" });
    ref.tell(first);
    kit.run();
    first.stop();
    ref.tell(first);
    kit.run();
    expect(ends).toEqual(["first stopped", "first stopped"]);
  });

  test("takes watches and timers back", () => {
    const { kit, system } = setUp();
    const told: string[] = [];
    const takesBack = makeDefinition<string, undefined>((context) => {
      const child = context.spawn(counter, { from: 0 });
      context.watch(child, () => "ended")();
      context.after(10, "after")();
      context.every(10, "every")();
      child.stop();
      return (message) => void told.push(message);
    });
    system.spawn(takesBack, undefined);
    kit.advance(100);
    expect(told).toEqual([]);
  });

  test("is over when the actor stops: timers have no effect, children are refused", () => {
    const { kit, system } = setUp();
    let old: LocalContext<never> | undefined;
    const ref = system.spawn(obedient, undefined);
    ref.tell((context) => {
      old = context;
      context.stop();
    });
    kit.run();
    old?.after(1, undefined as never);
    kit.advance(100);
    expect(() => old?.spawn(counter, { from: 0 })).toThrow(code("DF_ACTOR_STOPPED"));
    expect(kit.deadLetters).toEqual([]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "5" as never])("refuses a timer of %s ms", (ms) => {
    const { kit, system } = setUp();
    system.spawn(obedient, undefined).tell((context) => {
      expect(() => context.after(ms, undefined as never)).toThrow(code("DF_OPTION_INVALID"));
      expect(() => context.every(ms, undefined as never)).toThrow(code("DF_OPTION_INVALID"));
    });
    kit.run();
    expect(kit.failures).toEqual([]);
  });
});

test("a closed system stops everybody and spawns nobody", () => {
  const { kit, system, outcomes, ask } = setUp();
  const watcher = kit.probe();
  const ref = system.spawn(counter, { from: 0 });
  watcher.watch(ref);
  ask(ref, sum);
  system.close();
  expect(watcher.terminated).toMatchObject([{ reason: "stopped" }]);
  expect(outcomes).toEqual([{ error: code("DF_ACTOR_STOPPED") }]);
  expect(() => system.spawn(counter, { from: 0 })).toThrow(code("DF_ACTORS_CLOSED"));
  expect(() => system.spawn(counter, { from: 0 })).toThrow(DataFlowerError);
});
