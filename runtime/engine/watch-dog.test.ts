import { beforeEach, describe, expect, test } from "vitest";
import type { InHandRecord, WaitingRecord } from "../memory/in-hand.js";
import { stuckMs, WatchDog } from "./watch-dog.js";

const limits = { timeoutMs: 300, heartbeatTimeoutMs: Number.POSITIVE_INFINITY };
const graceMs = 100;

/** What a worker's record says, changed by the test as the worker would. */
class Line {
  inHand: InHandRecord | undefined;
  waiting: WaitingRecord | undefined;
  #sequence = 1;

  begin(): void {
    this.#sequence += 2;
    this.inHand = { sequence: this.#sequence, beat: 0, slot: 1, epoch: 2, attempt: 1, positions: [3] };
  }

  beat(): void {
    if (this.inHand !== undefined) this.inHand = { ...this.inHand, beat: this.inHand.beat + 1 };
  }

  waits(dueAt: number): void {
    this.#sequence += 2;
    this.waiting = { sequence: this.#sequence, beat: 0, slot: 1, epoch: 2, attempt: 1, positions: [4], dueAt };
  }

  waitingBeat(): void {
    if (this.waiting !== undefined) this.waiting = { ...this.waiting, beat: this.waiting.beat + 1 };
  }

  read(): InHandRecord | undefined {
    return this.inHand;
  }

  readWaiting(): WaitingRecord | undefined {
    return this.waiting;
  }
}

let line: Line;
let dog: WatchDog;
let given: typeof limits | undefined;

beforeEach(() => {
  line = new Line();
  given = limits;
  dog = new WatchDog(line, () => given, graceMs);
});

/** Looks every 25 ms; gives the first time at which the thread is to be killed. */
function watch(from: number, until: number): { at: number; kind: string } | undefined {
  for (let now = from; now <= until; now += 25) {
    const lateness = dog.look(now);
    if (lateness !== undefined) return { at: now, kind: lateness.kind };
  }
  return undefined;
}

describe("an attempt in hand", () => {
  test("is late when it has been seen for its time-out", () => {
    line.begin();
    expect(watch(1000, 2000)).toEqual({ at: 1300, kind: "timeout" });
  });

  test("is not late when another one stands there in between, however short the pause", () => {
    line.begin();
    expect(watch(0, 275)).toBeUndefined();
    line.begin();
    expect(watch(300, 575)).toBeUndefined();
  });

  test("is judged by what was seen, however late this thread is to look again", () => {
    line.begin();
    expect(dog.look(0)).toBeUndefined();
    expect(dog.look(5000)).toMatchObject({ kind: "timeout", limitMs: 300 });
  });

  test("is late without a sign of life, and each sign starts the time anew", () => {
    given = { timeoutMs: Number.POSITIVE_INFINITY, heartbeatTimeoutMs: 50 };
    line.begin();
    expect(watch(0, 25)).toBeUndefined();
    line.beat();
    expect(watch(50, 75)).toBeUndefined();
    expect(watch(100, 200)).toEqual({ at: 100, kind: "heartbeat" });
  });

  test("of a run that is over has the grace, from when that is seen", () => {
    line.begin();
    expect(watch(0, 200)).toBeUndefined();
    given = undefined;
    expect(watch(225, 600)).toEqual({ at: 325, kind: "unwanted" });
  });
});

describe("an attempt that waits for a promise", () => {
  test("is left to the worker's own timers while those can be in time", () => {
    line.waits(1000);
    expect(watch(0, 1000 + stuckMs - 25)).toBeUndefined();
  });

  test("shows that the thread is stuck when it is overdue for long and nothing is in hand", () => {
    line.waits(1000);
    expect(watch(975, 2000)).toEqual({ at: 1000 + stuckMs, kind: "stuck" });
  });

  test("says nothing while another attempt holds the thread", () => {
    given = { ...limits, timeoutMs: 10_000 };
    line.waits(100);
    line.begin();
    expect(watch(0, 5000)).toBeUndefined();
    line.inHand = undefined;
    expect(watch(5025, 6000)).toEqual({ at: 5025 + stuckMs, kind: "stuck" });
  });

  test("that has been dealt with gives the next one its full time", () => {
    line.waits(100);
    expect(watch(100, 300)).toBeUndefined();
    line.waits(200);
    expect(watch(325, 1000)).toEqual({ at: 325 + stuckMs, kind: "stuck" });
  });

  test("that gives signs of life is not overdue: only its worker could put it off, and its thread is held", () => {
    line.waits(100);
    for (let now = 100; now <= 1000; now += 25) {
      line.waitingBeat();
      expect(dog.look(now)).toBeUndefined();
    }
    expect(watch(1025, 2000)).toEqual({ at: 1000 + stuckMs, kind: "stuck" });
  });

  test("of a run that is over has the grace, whenever it would be due: its worker would give it up if it could", () => {
    line.waits(1_000_000);
    expect(watch(0, 500)).toBeUndefined();
    given = undefined;
    expect(watch(525, 1000)).toEqual({ at: 625, kind: "unwanted" });
  });

  test("of a run that is over is nothing when its worker gives it up in time", () => {
    given = undefined;
    line.waits(1_000_000);
    expect(watch(0, 75)).toBeUndefined();
    line.waiting = undefined;
    expect(watch(100, 500)).toBeUndefined();
  });
});
