import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ActorRef } from "./actor.js";
import { forever, handler, newSystem } from "./function-actor.fixture.js";
import { batchMessagesMax } from "./limits.js";
import type { ActorSystem } from "./system.js";

describe("ActorSystem: messages", () => {
  test("a message that is undefined is delivered like any other", () => {
    const system = newSystem();
    const got: unknown[] = [];
    const actor = system.spawn<unknown>(
      "a",
      handler((message) => got.push(message)),
    );
    for (const message of [undefined, 1, undefined]) actor.tell(message);
    expect(system.run(forever)).toBe(3);
    expect(got).toEqual([undefined, 1, undefined]);
  });

  test("handles a message after the one that sent it, never within it", () => {
    const system = newSystem();
    const log: string[] = [];
    const actor: ActorRef<number> = system.spawn<number>(
      "self",
      handler((left) => {
        log.push(`begin ${left}`);
        if (left > 0) actor.tell(left - 1);
        log.push(`end ${left}`);
      }),
    );
    actor.tell(2);
    system.run(forever);
    expect(log).toEqual(["begin 2", "end 2", "begin 1", "end 1", "begin 0", "end 0"]);
  });

  test("keeps the order between every two actors", () => {
    const plan = fc.array(fc.record({ by: fc.nat(3), to: fc.nat(3), outer: fc.boolean() }), { maxLength: 200 });
    fc.assert(
      fc.property(plan, fc.integer({ min: 1, max: 100 }), (tells, chunk) => {
        const system = newSystem();
        const arrived = new Map<string, number[]>();
        const told = new Map<string, number[]>();
        const actors = [0, 1, 2, 3].map((own) =>
          system.spawn<Letter>(
            `${own}`,
            handler((letter) => receive(letter, own)),
          ),
        );
        const tell = (by: number, to: number, number: number) => {
          note(told, by, to, number);
          actors[to]?.tell({ by, number });
        };
        const receive = (letter: Letter, own: number) => {
          if ("send" in letter) tell(own, letter.send, letter.number);
          else note(arrived, letter.by, own, letter.number);
        };
        tells.forEach(({ by, to, outer }, number) => {
          if (outer) tell(-1, to, number);
          else actors[by]?.tell({ send: to, number });
          if (number % 5 === 0) system.run(chunk);
        });
        while (!system.isIdle) system.run(chunk);
        expect(arrived).toEqual(told);
      }),
    );
  });

  test("a full mailbox refuses: false, and a dead letter", () => {
    const system = newSystem();
    const got: string[] = [];
    const actor = system.spawn<string>(
      "small",
      handler((message) => got.push(message)),
      { mailboxDepthMax: 2 },
    );
    expect(["a", "b", "c"].map((message) => actor.tell(message))).toEqual([true, true, false]);
    expect(system.deadLetters.kept).toEqual([{ to: "small", message: "c", reason: "full" }]);
    system.run(forever);
    expect(actor.tell("d")).toBe(true);
    system.run(forever);
    expect(got).toEqual(["a", "b", "d"]);
  });
});

type Letter = { readonly send: number; readonly number: number } | { readonly by: number; readonly number: number };

function note(book: Map<string, number[]>, by: number, to: number, number: number): void {
  const key = `${by} to ${to}`;
  book.set(key, [...(book.get(key) ?? []), number]);
}

describe("ActorSystem: turns", () => {
  test("no actor starves others: at most a batch each, in turn", () => {
    const system = newSystem();
    const log: string[] = [];
    const names = ["a", "b", "c"];
    for (const name of names) {
      const actor: ActorRef<number> = system.spawn<number>(
        name,
        handler((left) => {
          log.push(name);
          if (left > 0) actor.tell(left - 1); // always has another message
        }),
      );
      actor.tell(200);
    }
    system.run(forever);
    const turns: string[] = [];
    for (let at = 0; at < 3 * batchMessagesMax * 3; at += batchMessagesMax) {
      const turn = new Set(log.slice(at, at + batchMessagesMax));
      expect(turn.size).toBe(1);
      turns.push(...turn);
    }
    expect(turns).toEqual(["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
    expect(log.length).toBe(3 * 201);
  });

  test("run stops with the batch in which its limit is reached, and goes on later", () => {
    const system = newSystem();
    let count = 0;
    const actor = system.spawn<number>(
      "a",
      handler(() => count++),
    );
    for (let message = 0; message < 3 * batchMessagesMax; message++) actor.tell(message);
    expect(system.run(1)).toBe(batchMessagesMax);
    expect(system.run(batchMessagesMax + 1)).toBe(2 * batchMessagesMax);
    expect(system.isIdle).toBe(true);
    expect(system.run(1)).toBe(0);
    expect(count).toBe(3 * batchMessagesMax);
  });

  test("onRunnable is called when the first actor becomes runnable outside a turn, and only then", () => {
    let calls = 0;
    const system = newSystem({ onRunnable: () => calls++ });
    const b = system.spawn<number>(
      "b",
      handler(() => {}),
    );
    const a = system.spawn<number>(
      "a",
      handler((message) => void b.tell(message)),
    );
    expect(calls).toBe(0);
    a.tell(1);
    a.tell(2);
    b.tell(3);
    expect(calls).toBe(1);
    system.run(forever); // a tells b in its turn
    expect(calls).toBe(1);
    b.tell(4);
    expect(calls).toBe(2);
  });

  test("onRunnable may run the system at once", () => {
    const got: number[] = [];
    const system: ActorSystem = newSystem({ onRunnable: () => void system.run(forever) });
    const actor = system.spawn<number>(
      "a",
      handler((message) => got.push(message)),
    );
    actor.tell(1);
    actor.tell(2);
    expect(got).toEqual([1, 2]);
    expect(system.isIdle).toBe(true);
  });

  test("a failure that is thrown out of a turn leaves the others runnable", () => {
    const system = newSystem();
    const got: number[] = [];
    const bad = system.spawn<number>(
      "bad",
      handler(() => {
        throw new Error("bad");
      }),
      { supervise: () => "escalate" },
    );
    const good = system.spawn<number>(
      "good",
      handler((message) => got.push(message)),
    );
    bad.tell(1);
    good.tell(2);
    expect(() => system.run(forever)).toThrow("bad");
    expect(system.isIdle).toBe(false);
    system.run(forever);
    expect(got).toEqual([2]);
  });
});
