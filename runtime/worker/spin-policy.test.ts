import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { wordsOfRegion } from "../memory/alignment.js";
import { Doorbells } from "../memory/doorbell.js";
import { AtomicWords, type Words } from "../memory/words.js";
import { SpinPolicy } from "./spin-policy.js";

const threads = availableParallelism() + 2;
const me = 0;

/** Counts the looks at the worker's own bell, and rings it at the one that `ringAt` names. */
class WatchedWords implements Words {
  readonly #words: AtomicWords;
  looks = 0;
  ringAt = Number.POSITIVE_INFINITY;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new AtomicWords(wordsOfRegion(buffer, 0, Doorbells.bytes(threads)));
  }

  load(index: number): number {
    if (index === 0 && ++this.looks === this.ringAt) this.#words.add(0, 1);
    return this.#words.load(index);
  }

  store(index: number, value: number): void {
    this.#words.store(index, value);
  }

  cas(index: number, expected: number, desired: number): boolean {
    return this.#words.cas(index, expected, desired);
  }

  add(index: number, delta: number): number {
    return this.#words.add(index, delta);
  }
}

/** A worker with its bell; all other threads sleep. */
function idleWorker(spinUs: number) {
  const buffer = new SharedArrayBuffer(Doorbells.bytes(threads));
  const words = new WatchedWords(buffer);
  const doorbells = new Doorbells(buffer, 0, threads, words);
  for (let thread = 1; thread < threads; thread++) doorbells.fallAsleep(thread, doorbells.events(thread));
  const policy = new SpinPolicy(spinUs, doorbells);
  /** One wait; rung at a certain look, if at all. */
  const wait = (ringAt = Number.POSITIVE_INFINITY) => {
    const seen = doorbells.events(me);
    words.looks = 0;
    words.ringAt = ringAt;
    const hasRung = policy.waitForRing(me, seen);
    return { hasRung, hasSpun: words.looks > 1 };
  };
  return { doorbells, wait };
}

describe("SpinPolicy", () => {
  test("has no need to wait when the bell has rung already", () => {
    expect(idleWorker(0).wait(1)).toEqual({ hasRung: true, hasSpun: false });
  });

  test("notices a ring while it spins", () => {
    expect(idleWorker(1_000_000).wait(1000)).toEqual({ hasRung: true, hasSpun: true });
  });

  test("gives up when nobody rings", () => {
    expect(idleWorker(50).wait()).toEqual({ hasRung: false, hasSpun: true });
  });

  test("never spins when it may not", () => {
    const { wait } = idleWorker(0);
    for (let again = 0; again < 40; again++) expect(wait()).toEqual({ hasRung: false, hasSpun: false });
  });

  test("does not spin while more threads are awake than there are cores", () => {
    const { doorbells, wait } = idleWorker(50);
    for (let thread = 1; thread <= availableParallelism(); thread++) doorbells.wakeUp(thread);
    expect(wait()).toEqual({ hasRung: false, hasSpun: false });
    doorbells.fallAsleep(1, doorbells.events(1));
    expect(wait().hasSpun).toBe(true);
  });

  test("stops spinning when it does not pay, tries again from time to time, and spins again once it pays", () => {
    const { wait } = idleWorker(20);
    const vain = Array.from({ length: 64 }, () => wait().hasSpun);
    expect(vain.slice(0, 8)).toEqual(new Array(8).fill(true));
    const tries = vain.slice(16).filter(Boolean).length;
    expect(tries).toBeGreaterThan(0);
    expect(tries).toBeLessThan(8);
    for (let again = 0; again < 32; again++) wait(40);
    expect(wait().hasSpun).toBe(true);
  });
});
