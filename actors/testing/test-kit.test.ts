import { describe, expect, test } from "vitest";
import { makeDefinition } from "../local/definition.js";
import type { Ref } from "../local/ref.js";
import { exploreWith } from "./explore.js";
import { TestKit } from "./test-kit.js";

const code = (wanted: string) => expect.objectContaining({ code: wanted });

/** Tells the probe what it is told. */
const relay = makeDefinition<number, { readonly to: Ref<number> }>(
  (_, { to }) =>
    (n) =>
      void to.tell(n),
);

describe("TestKit", () => {
  const orderOf = (seed: number): readonly number[] => {
    const kit = new TestKit({ seed });
    const probe = kit.probe<number>();
    const relays = [1, 2, 3].map((n) => [n, kit.system.spawn(relay, { to: probe.ref })] as const);
    for (const [n, ref] of relays) for (const part of [0.1, 0.2]) ref.tell(n + part);
    kit.run();
    return probe.received;
  };

  test("does the same again with the same seed, and something else with others; a pair keeps its order in all", () => {
    const orders = Array.from({ length: 20 }, (_, seed) => orderOf(seed));
    expect(orders).toEqual(Array.from({ length: 20 }, (_, seed) => orderOf(seed)));
    expect(new Set(orders.map(String)).size).toBeGreaterThan(5);
    for (const order of orders) for (const n of [1, 2, 3]) expect(order.indexOf(n + 0.1)).toBeLessThan(order.indexOf(n + 0.2));
  });

  test("has one message handled at a time", () => {
    const kit = new TestKit();
    const probe = kit.probe<number>("p");
    expect([probe.ref.tell(1), probe.ref.tell(2), kit.isIdle]).toEqual([true, true, false]);
    expect([kit.step(), probe.received]).toEqual([true, [1]]);
    expect([kit.step(), kit.step(), probe.received, kit.isIdle]).toEqual([true, false, [1, 2], true]);
    expect([probe.take(), probe.take(), probe.take()]).toEqual([1, 2, undefined]);
  });

  test("passes over actors that have stopped meanwhile", () => {
    const kit = new TestKit();
    const [stopped, live] = [kit.probe<number>(), kit.probe<number>()];
    stopped.ref.tell(1);
    live.ref.tell(2);
    stopped.ref.stop();
    expect([kit.step(), live.received, kit.deadLetters.length]).toEqual([true, [2], 1]);
  });

  test("lets time pass in small steps, so that timers of timers come in their order", () => {
    const kit = new TestKit();
    const probe = kit.probe<number>();
    const ticking = makeDefinition<"tick", undefined>((context) => {
      context.every(10, "tick");
      return () => void probe.ref.tell(context.nowMs());
    });
    kit.system.spawn(ticking, undefined);
    kit.advance(50);
    expect(probe.received).toEqual([12, 24, 36, 48]); // at the ends of ticks of 4 ms
  });

  test("takes a loop without an end for one", () => {
    const kit = new TestKit();
    const loop = makeDefinition<number, undefined>((context) => (n) => void context.self.tell(n));
    kit.system.spawn(loop, undefined).tell(1);
    expect(() => kit.run(1000)).toThrow(code("DF_OPTION_INVALID"));
  });
});

/** Reads a cell, adds one, writes it: right only if nobody else comes between. */
type CellMessage = { readonly kind: "read"; readonly replyTo: Ref<number> } | { readonly kind: "write"; readonly value: number };

function explored(isAtomic: boolean, options = {}) {
  return exploreWith(
    (choose) => new TestKit({ choose }),
    (kit) => {
      let value = 0;
      const cell = kit.system.spawn(
        makeDefinition<CellMessage, undefined>(() => (message) => {
          if (message.kind === "read") message.replyTo.tell(value);
          else value = message.value;
        }),
        undefined,
        { name: "cell" },
      );
      const adder = makeDefinition<number, undefined>((context) => {
        const read = () => void cell.tell({ kind: "read", replyTo: context.self });
        if (!isAtomic) read();
        return (got) => void cell.tell({ kind: "write", value: got + 1 });
      });
      const adders = ["a", "b"].map((name) => kit.system.spawn(adder, undefined, { name }));
      if (isAtomic) {
        cell.tell({ kind: "read", replyTo: adders[0] as Ref<number> });
        kit.run();
        cell.tell({ kind: "read", replyTo: adders[1] as Ref<number> });
      }
      return () => expect(value).toBe(2);
    },
    options,
  );
}

describe("exploreWith", () => {
  test("finds the interleaving that loses an update, and says which it is", () => {
    const { isComplete, failure } = explored(false);
    expect(isComplete).toBe(false);
    expect(failure?.error).toMatchObject({ message: expect.stringContaining("expected 1 to be 2") });
    expect(failure?.order.length).toBeGreaterThan(0);
  });

  test("walks all interleavings where none breaks a rule", () => {
    expect(explored(true)).toEqual({ interleavings: 1, isComplete: true });
    const orders = new Set<string>();
    const exploration = exploreWith(
      (choose) => new TestKit({ choose }),
      (kit) => {
        const probe = kit.probe<number>();
        for (const n of [10, 20, 30]) kit.system.spawn(relay, { to: probe.ref }).tell(n);
        return () => void orders.add(probe.received.join());
      },
    );
    expect(exploration.isComplete).toBe(true);
    expect(orders.size).toBe(6);
  });

  test("gives up at its limit, and refuses scenarios that differ from themselves", () => {
    let calls = 0;
    const many = exploreWith(
      (choose) => new TestKit({ choose }),
      (kit) => {
        const probes = [kit.probe<number>(), kit.probe<number>()];
        for (const probe of probes) for (let n = 0; n < 10; n++) probe.ref.tell(n);
        return () => {};
      },
      { interleavingsMax: 7 },
    );
    expect(many).toEqual({ interleavings: 7, isComplete: false });
    const fickle = exploreWith(
      (choose) => new TestKit({ choose }),
      (kit) => {
        for (let n = calls++; n < 5; n++) kit.probe<number>().ref.tell(n);
        return () => {};
      },
    );
    expect(fickle.failure?.error).toEqual(code("DF_OPTION_INVALID"));
    expect(() => explored(true, { interleavingsMax: 0 })).toThrow(code("DF_OPTION_INVALID"));
  });
});
