import { describe, expect, test } from "vitest";
import { VirtualClock } from "./virtual-clock.js";
import { VirtualEventLoop } from "./virtual-event-loop.js";

describe("VirtualEventLoop", () => {
  test("runs what follows from an event before the next one, each turn with all that is to be soon", () => {
    const clock = new VirtualClock();
    const loop = new VirtualEventLoop(clock);
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(`${what} ${loop.nowMs()}`);
    loop.after(1, () => {
      loop.nextTurn(() => {
        loop.soon(note("soon of turn"));
        note("turn")();
      });
      loop.nextTurn(note("next turn"));
      loop.soon(() => {
        loop.soon(note("sooner"));
        note("soon")();
      });
      note("event")();
    });
    loop.after(1, note("other event"));
    while (loop.step());
    expect(seen).toEqual(["event 1", "soon 1", "sooner 1", "turn 1", "soon of turn 1", "next turn 1", "other event 1"]);
  });

  test("steps until nothing is left, but what was taken back", () => {
    const loop = new VirtualEventLoop(new VirtualClock());
    const takeBack = loop.after(5, () => {
      throw new Error("taken back");
    });
    loop.after(1, takeBack);
    expect([loop.step(), loop.step(), loop.nowMs()]).toEqual([true, false, 1]);
  });
});
