import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "./virtual-clock.js";

describe("VirtualClock", () => {
  test("runs events in the order of time, then of setting, but those that were taken back", () => {
    const event = fc.record({ ms: fc.nat(9), isCancelled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const clock = new VirtualClock();
        const ran: { index: number; atMs: number }[] = [];
        events.forEach(({ ms, isCancelled }, index) => {
          const cancel = clock.after(ms, () => void ran.push({ index, atMs: clock.nowMs() }));
          if (isCancelled) cancel();
        });
        while (clock.step());
        const expected = events
          .map(({ ms, isCancelled }, index) => ({ index, atMs: ms, isCancelled }))
          .filter(({ isCancelled }) => !isCancelled)
          .sort((one, other) => one.atMs - other.atMs);
        expect(ran).toEqual(expected.map(({ index, atMs }) => ({ index, atMs })));
      }),
    );
  });

  test("tells when the next event is, and stands still without any", () => {
    const clock = new VirtualClock();
    expect(clock.nextMs).toBe(Number.POSITIVE_INFINITY);
    expect(clock.step()).toBe(false);
    clock.at(5, () => clock.after(0, () => {}));
    expect(clock.nextMs).toBe(5);
    clock.step();
    expect([clock.nowMs(), clock.nextMs]).toEqual([5, 5]);
  });
});
