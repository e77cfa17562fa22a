import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Mailbox } from "./mailbox.js";

/** What a mailbox should be: a list with a bound. */
interface Model {
  readonly depthMax: number;
  readonly waiting: unknown[];
}

class Offer implements fc.Command<Model, Mailbox<unknown>> {
  readonly #message: unknown;

  constructor(message: unknown) {
    this.#message = message;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, mailbox: Mailbox<unknown>): void {
    const hasRoom = model.waiting.length < model.depthMax;
    expect(mailbox.offer(this.#message)).toBe(hasRoom);
    if (hasRoom) model.waiting.push(this.#message);
    expect(mailbox.count).toBe(model.waiting.length);
  }

  toString(): string {
    return `offer(${this.#message})`;
  }
}

class Take implements fc.Command<Model, Mailbox<unknown>> {
  check(): boolean {
    return true;
  }

  run(model: Model, mailbox: Mailbox<unknown>): void {
    expect(mailbox.take()).toBe(model.waiting.shift());
    expect(mailbox.count).toBe(model.waiting.length);
  }

  toString(): string {
    return "take()";
  }
}

describe("Mailbox", () => {
  test("is a list with a bound", () => {
    const commands = fc.commands(
      [fc.oneof(fc.integer(), fc.constant(undefined)).map((message) => new Offer(message)), fc.constant(new Take())],
      {
        maxCommands: 100,
        size: "max",
      },
    );
    const depth = fc.constantFrom(0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 40, Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(depth, commands, (depthMax, chosen) => {
        fc.modelRun(() => ({ model: { depthMax, waiting: [] }, real: new Mailbox(depthMax) }), chosen);
      }),
      { numRuns: 200 },
    );
  });

  test("keeps the order of what waits, at every place of the oldest, when it grows", () => {
    for (let taken = 0; taken < 8; taken++) {
      const mailbox = new Mailbox<number>(1000);
      for (let message = 0; message < 8; message++) mailbox.offer(message);
      for (let count = 0; count < taken; count++) mailbox.take();
      for (let message = 8; message < 100; message++) mailbox.offer(message);
      const rest = Array.from({ length: mailbox.count }, () => mailbox.take());
      expect(rest).toEqual(Array.from({ length: 100 - taken }, (_, index) => taken + index));
    }
  });

  test("takes messages again once it has been full", () => {
    const mailbox = new Mailbox<string>(2);
    expect([mailbox.offer("a"), mailbox.offer("b"), mailbox.offer("c")]).toEqual([true, true, false]);
    expect(mailbox.take()).toBe("a");
    expect([mailbox.offer("d"), mailbox.offer("e")]).toEqual([true, false]);
    expect([mailbox.take(), mailbox.take(), mailbox.take()]).toEqual(["b", "d", undefined]);
  });
});
