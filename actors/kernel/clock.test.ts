import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ManualClock } from "./clock.js";

describe("ManualClock", () => {
  test("stands still until it is told to move", () => {
    const clock = new ManualClock(5);
    expect(clock.nowMs()).toBe(5);
    clock.advance(0.25);
    expect(clock.nowMs()).toBe(5.25);
  });

  test("runs each timer once, not before its time, at exactly its time", () => {
    const clock = new ManualClock();
    const at: number[] = [];
    clock.after(10, () => at.push(clock.nowMs()));
    clock.advance(9);
    expect(at).toEqual([]);
    clock.advance(100);
    clock.advance(100);
    expect(at).toEqual([10]);
    expect(clock.nowMs()).toBe(209);
  });

  test("runs timers in order of time, then of setting", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.array(fc.nat(3)), (delays, steps) => {
        const clock = new ManualClock();
        const ran: number[] = [];
        delays.forEach((delay, timer) => {
          clock.after(delay, () => ran.push(timer));
        });
        for (const step of [...steps, 10]) clock.advance(step);
        const expected = delays.map((delay, timer) => ({ delay, timer })).sort((a, b) => a.delay - b.delay || a.timer - b.timer);
        expect(ran).toEqual(expected.map(({ timer }) => timer));
      }),
    );
  });

  test("a cancelled timer does not run, whether it is due at the same moment or later", () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    const cancel: (() => void)[] = [];
    clock.after(1, () => {
      ran.push("first");
      for (const each of cancel) each();
    });
    cancel.push(clock.after(1, () => ran.push("same moment")));
    cancel.push(clock.after(2, () => ran.push("later")));
    clock.advance(5);
    expect(ran).toEqual(["first"]);
    for (const each of cancel) each(); // again: nothing happens
  });

  test("a timer set by a timer runs in the same advance when it falls due in it", () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const again = () => {
      at.push(clock.nowMs());
      clock.after(3, again);
    };
    clock.after(3, again);
    clock.advance(10);
    expect(at).toEqual([3, 6, 9]);
  });

  test("delays that are negative or not a number are none", () => {
    const clock = new ManualClock(7);
    const at: number[] = [];
    clock.after(-3, () => at.push(clock.nowMs()));
    clock.after(Number.NaN, () => at.push(clock.nowMs()));
    clock.advance(0);
    expect(at).toEqual([7, 7]);
  });

  test("never goes back, even when a timer moves it on", () => {
    const clock = new ManualClock();
    clock.after(1, () => clock.advance(100));
    clock.advance(2);
    expect(clock.nowMs()).toBe(101);
  });
});
