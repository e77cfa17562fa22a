import { Fifo, Ranked } from "dataflower/schedulers";
import { build, type Histogram } from "hdr-histogram-js";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Mailbox } from "../../actors/kernel/mailbox.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { TimerWheel } from "../../actors/kernel/timer-wheel.js";
import { LocalMemory } from "../../actors/workflow/local-memory.js";
import { InHand } from "../../runtime/memory/in-hand.js";
import { PayloadArena } from "../../runtime/memory/payload-arena.js";
import { ReadyQueueConsumer } from "../../runtime/memory/ready-queue.js";
import { RingConsumer } from "../../runtime/memory/ring-consumer.js";
import { LogLinearHistogram } from "../../runtime/observe/log-linear-histogram.js";
import { Payloads } from "../../runtime/worker/payloads.js";
import { familyNames, operationsOf } from "./families.js";
import type { Operation } from "./operation.js";

const options = { readyTasksMax: 1_000 };

afterEach(() => void vi.restoreAllMocks());

function runThrice(operation: Operation): void {
  for (let times = 0; times < 3; times++) operation.run();
}

describe.each(familyNames)("%s", (family) => {
  test("does what it should, several times over", async () => {
    for (const operation of await operationsOf(family, options)) {
      runThrice(operation);
      operation.check();
    }
  });

  test("is not counted when it does nothing", async () => {
    for (const operation of await operationsOf(family, options)) {
      const idle: Operation = { ...operation, run() {} };
      runThrice(idle);
      expect(() => idle.check(), operation.name).toThrow(/^Cannot count/);
    }
  });
});

/** A part that loses something, the method that does it, and the family whose operations must not be counted then. */
const broken: readonly [string, string, () => unknown][] = [
  ["actors", "the system handles nothing", () => vi.spyOn(ActorSystem.prototype, "isIdle", "get").mockReturnValue(true)],
  ["arena", "nothing is freed", () => vi.spyOn(PayloadArena.prototype, "free").mockReturnValue()],
  ["clock", "the clock stands", () => vi.spyOn(performance, "now").mockReturnValue(0)],
  ["codec", "what is decoded is what was there before", () => vi.spyOn(Payloads.prototype, "decode").mockReturnValue({})],
  ["copy", "every reader is given the same value", () => sameValueForAll()],
  ["histogram", "nothing is counted", () => countNothing()],
  ["in-hand", "nothing is noted", () => vi.spyOn(InHand.prototype, "beginAt").mockReturnValue()],
  ["mailbox", "messages are lost", () => vi.spyOn(Mailbox.prototype, "offer").mockReturnValue(true)],
  ["policies", "what is put back is lost", () => losePutBack()],
  ["queue", "a taken ticket is given to nobody", () => vi.spyOn(ReadyQueueConsumer.prototype, "take").mockReturnValue(0)],
  ["ring", "frames come out empty", () => vi.spyOn(RingConsumer.prototype, "take").mockImplementation(() => new Uint8Array(0))],
  ["timers", "timers are not taken back", () => vi.spyOn(TimerWheel.prototype, "clear").mockReturnValue()],
  ["workflow", "every reader is given the input of the run", () => wrongValueForAll()],
];

function countNothing(): void {
  vi.spyOn(LogLinearHistogram.prototype, "record").mockReturnValue();
  vi.spyOn(Object.getPrototypeOf(build()) as Histogram, "recordValue").mockReturnValue(); // what all of the library's are made by
}

function losePutBack(): void {
  const known = new WeakSet<object>();
  for (const prototype of [Fifo.prototype, Ranked.prototype]) {
    const insert = prototype.insert;
    vi.spyOn(prototype, "insert").mockImplementation(function (this: Fifo & Ranked, task, now) {
      if (!known.has(task)) insert.call(this, task, now);
      known.add(task);
    });
  }
}

function sameValueForAll(): void {
  let kept: unknown;
  vi.spyOn(LocalMemory.prototype, "put").mockImplementation((_, value) => {
    kept = value;
  });
  vi.spyOn(LocalMemory.prototype, "read").mockImplementation(() => kept);
}

function wrongValueForAll(): void {
  vi.spyOn(LocalMemory.prototype, "take").mockImplementation(() => ({ v: 1, name: "run" }));
  vi.spyOn(LocalMemory.prototype, "read").mockImplementation(() => ({ v: 1, name: "run" }));
}

test.each(broken)("%s is not counted when %s", async (family, _, breakIt) => {
  for (let at = 0; ; at++) {
    vi.restoreAllMocks(); // what an operation needs beforehand is whole
    const operation = (await operationsOf(family, options))[at];
    if (operation === undefined) break;
    breakIt();
    expect(() => {
      runThrice(operation);
      operation.check();
    }, operation.name).toThrow(); // by the check, or by the part itself
  }
});
