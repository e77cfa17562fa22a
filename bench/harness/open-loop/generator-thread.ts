import { readlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { monotonicMs } from "../clock.js";
import { LatencyHistogram } from "../latency-histogram.js";
import { type Begin, DUE, type GeneratorData, NEVER, RUNG, type Signal } from "./words.js";

/**
 * The load generator's thread: it says when runs are due, on a thread that the load cannot disturb, and notes how late it was itself.
 * A timer would be late by half a millisecond; a thread that spins would take a core from what is measured, and so does a message for each of 30,000 runs
 * a second: what is due within a tenth of a millisecond is announced together.
 */
const { words, schedule } = workerData as GeneratorData; // as: set by open-loop.ts
const WAIT_MS_MAX = 0.1;
const WAIT_MS_MIN = 0.08;
/** A wait ends so much later than asked, with fine timers: what is due further away is aimed at by as much earlier. */
const OVERSHOOT_MS = 0.02;

const post = (signal: Signal) => parentPort?.postMessage(signal);

parentPort?.once("message", ({ startMs }: Begin) => {
  askForFineTimers();
  const lateness = generate(startMs);
  post({ kind: "finished", lateness: lateness.encoded() });
});

function generate(startMs: number): LatencyHistogram {
  const lateness = LatencyHistogram.empty();
  let due = 0;
  while (due < schedule.length) {
    const nowMs = monotonicMs() - startMs;
    const before = due;
    while (due < schedule.length && schedule[due]! <= nowMs) lateness.recordMs(nowMs - schedule[due++]!);
    if (due > before) announce(due);
    else Atomics.wait(words, NEVER, 0, Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, schedule[due]! - nowMs - OVERSHOOT_MS)));
  }
  return lateness;
}

function announce(due: number): void {
  Atomics.store(words, DUE, due); // (A) publish. Pairs with (D): a thread that finds the bell unrung after this has yet to read DUE
  if (Atomics.exchange(words, RUNG, 1) === 0) post({ kind: "due" }); // (B) one message at a time. Pairs with (C)
}

/** Linux rounds the end of a wait by 50 µs unless the thread asks for less. Where it may not, the generator is later, and its histogram shows it. */
function askForFineTimers(): void {
  try {
    writeFileSync(`/proc/${basename(readlinkSync("/proc/thread-self"))}/timerslack_ns`, "1000");
  } catch {
    // another system, or not allowed
  }
}
