import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Clock, ManualClock } from "./clock.js";
import { lateMs, type TimerEntry, TimerWheel, tickMs, waitMsMax } from "./timer-wheel.js";

const yearMs = 365 * 24 * 3600 * 1000;

/** A wheel that hands out as soon as it may, and what it has handed out. */
function wheelOn(clock: Clock) {
  const out: { readonly item: number; readonly at: number }[] = [];
  const wheel: TimerWheel<number> = new TimerWheel<number>(clock, () =>
    wheel.expired((item) => void out.push({ item, at: clock.nowMs() })),
  );
  return { wheel, out };
}

/** A clock that counts its timers, and whose timers come as late as it is told. */
class WatchedClock extends ManualClock {
  readonly asked: number[] = [];
  live = 0;

  override after(ms: number, run: () => void): () => void {
    this.asked.push(ms);
    this.live += 1;
    let isOver = false;
    const end = () => {
      if (!isOver) this.live -= 1;
      isOver = true;
    };
    const cancel = super.after(ms, () => {
      end();
      run();
    });
    return () => {
      end();
      cancel();
    };
  }
}

type Step =
  | { readonly kind: "set"; readonly inMs: number }
  | { readonly kind: "clear"; readonly which: number }
  | { readonly kind: "removeWhere"; readonly which: number }
  | { readonly kind: "pass"; readonly ms: number };

const distance = fc.oneof(
  fc.integer({ min: -50, max: 300 }),
  fc.double({ min: 0, max: 20, noNaN: true }),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 0, max: 30 * yearMs }),
  fc.integer({ min: 1, max: 6 }).map((level) => tickMs * 64 ** level),
);
const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ kind: fc.constant("set" as const), inMs: distance }),
    fc.record({ kind: fc.constant("clear" as const), which: fc.nat() }),
    fc.record({ kind: fc.constant("removeWhere" as const), which: fc.nat() }),
    fc.record({ kind: fc.constant("pass" as const), ms: fc.oneof(fc.integer({ min: 0, max: 60 }), distance.map(Math.abs)) }),
  ),
  { maxLength: 60 },
);

describe("TimerWheel", () => {
  test("hands out as a sorted list would: all that is due, never early, no later than a tick, each once", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 0.25, 17.5, 3 * yearMs), steps, (startMs, all) => {
        const clock = new WatchedClock(startMs);
        const { wheel, out } = wheelOn(clock);
        const waiting = new Map<number, { readonly entry: TimerEntry<number>; readonly dueAt: number; readonly setAt: number }>();
        let items = 0;
        for (const step of all) {
          if (step.kind === "set") {
            const dueAt = clock.nowMs() + step.inMs;
            waiting.set(items, { entry: wheel.set(items, dueAt), dueAt, setAt: clock.nowMs() });
            items += 1;
          } else if (step.kind === "clear") {
            const item = [...waiting.keys()][step.which % Math.max(1, waiting.size)];
            if (item !== undefined) wheel.clear((waiting.get(item) as { entry: TimerEntry<number> }).entry);
            waiting.delete(item as number);
          } else if (step.kind === "removeWhere") {
            const modulus = 2 + (step.which % 5);
            wheel.removeWhere((item) => item % modulus === 1);
            for (const item of [...waiting.keys()]) if (item % modulus === 1) waiting.delete(item);
          } else {
            clock.advance(step.ms);
            for (const { item, at } of out.splice(0)) {
              const { dueAt, setAt } = waiting.get(item) ?? expect.fail(`${item} did not wait`);
              expect(at).toBeGreaterThanOrEqual(dueAt);
              expect(at).toBeLessThanOrEqual(Math.max(dueAt, setAt) + tickMs + 1);
              waiting.delete(item);
            }
            const overdue = [...waiting.values()].filter(({ dueAt, setAt }) => Math.max(dueAt, setAt) + tickMs + 1 < clock.nowMs());
            expect(overdue).toEqual([]);
          }
          expect(wheel.size).toBe(waiting.size);
          expect(clock.live).toBeLessThanOrEqual(1);
          for (const [item, { entry, dueAt }] of waiting) expect(entry).toMatchObject({ item, dueAt });
        }
        expect(clock.asked.every((ms) => ms >= 0 && ms <= waitMsMax)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("a timer of thirty years comes, although no timer of the clock may be that long", () => {
    const clock = new WatchedClock();
    const { wheel, out } = wheelOn(clock);
    const dueAt = 30 * yearMs;
    wheel.set(1, dueAt);
    clock.advance(dueAt - 1);
    expect(out).toEqual([]);
    clock.advance(1 + tickMs);
    expect(out.map(({ item }) => item)).toEqual([1]);
    expect(Math.max(...clock.asked)).toBe(waitMsMax);
    expect(clock.live).toBe(0);
  });

  test("a visitor may set and clear what it likes", () => {
    const clock = new ManualClock();
    const out: number[] = [];
    const wheel: TimerWheel<number> = new TimerWheel<number>(clock, () =>
      wheel.expired((item) => {
        out.push(item);
        if (item === 1) wheel.clear(second);
        if (item < 40) wheel.set(item + 10, clock.nowMs() + item);
      }),
    );
    const second = wheel.set(2, 1);
    wheel.set(1, 1); // newest first within a slot
    clock.advance(1000);
    expect(out).toEqual([1, 11, 21, 31, 41]);
    expect(wheel.size).toBe(0);
  });

  test("asks the clock for one timer, and for none while the next one comes early enough", () => {
    const clock = new WatchedClock();
    const { wheel } = wheelOn(clock);
    for (let item = 0; item < 1000; item++) wheel.clear(wheel.set(item, clock.nowMs() + 300_000));
    for (let item = 0; item < 1000; item++) wheel.set(item, 300_000 + item);
    expect(clock.asked).toEqual([300_000]);
    wheel.set(-1, 100);
    expect(clock.asked).toEqual([300_000, 100]);
    expect(clock.live).toBe(1);
    wheel.close();
    expect(clock.live).toBe(0);
  });

  test("uses its entries again", () => {
    const { wheel } = wheelOn(new ManualClock());
    const [first, second] = [wheel.set(1, 5), wheel.set(2, 500)];
    wheel.clear(first);
    wheel.clear(second);
    expect([wheel.set(3, 50_000), wheel.set(4, 5)]).toEqual([second, first]);
    expect(second).toMatchObject({ item: 3, dueAt: 50_000 });
  });

  test("after its thread was held it hands out one turn later, and only what was due when the thread came free", () => {
    const order: string[] = [];
    let nowMs = 0;
    const timers: (() => void)[] = [];
    const keep = (run: () => void) => {
      timers.push(run);
      return () => {};
    };
    const held: Clock = { nowMs: () => nowMs, after: (_, run) => keep(run) };
    const wheel: TimerWheel<string> = new TimerWheel<string>(held, () => wheel.expired((item) => void order.push(item)));
    wheel.set("due", 10);
    wheel.set("due while its turn was awaited", 130);
    nowMs = 100; // until now something held the thread
    timers.shift()?.();
    expect(order).toEqual([]);
    order.push("what else has happened");
    nowMs = 140;
    timers.shift()?.();
    expect(order).toEqual(["what else has happened", "due"]);
    timers.shift()?.();
    expect(order.at(-1)).toBe("due while its turn was awaited");
    wheel.set("on time", 160);
    nowMs = 160 + lateMs;
    timers.shift()?.();
    expect(order.at(-1)).toBe("on time");
  });

  test("refuses an entry that waits no longer, and a time that is none", () => {
    const { wheel } = wheelOn(new ManualClock());
    const entry = wheel.set(1, 5);
    wheel.clear(entry);
    expect(() => wheel.clear(entry)).toThrow("while it waits");
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => wheel.set(1, time)).toThrow("has a time");
  });
});
