// The global of this name is a getter, which is called anew at each use.
import { performance } from "node:perf_hooks";

/**
 * The engine's clock: milliseconds with a fraction, monotonic, with one origin for all threads of a process.
 *
 * `performance.now()` is the cheapest clock but counts from the birth of its own thread; the process-wide monotonic clock gives the
 * difference, measured once per thread.
 */
const originMs = measureOrigin();

function measureOrigin(): number {
  let best = Number.POSITIVE_INFINITY;
  let origin = 0;
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = performance.now();
    const shared = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before >= best) continue;
    best = after - before;
    origin = shared - (before + after) / 2;
  }
  return origin;
}

/**
 * Calls `run` once after `ms`; the answer cancels it. With no delay the event loop takes in first what has come until then: messages,
 * sockets, files. (A timer of the language could fire among those that are due already, in front of all that.)
 */
export function after(ms: number, run: () => void): () => void {
  if (ms <= 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** As {@link after}, but a process that waits for nothing else ends without it. */
export function afterUnheld(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Now, in ms on the engine's clock. */
export function nowMs(): number {
  return performance.now() + originMs;
}

/** Now, as a date of the calendar: for people to read. Durations are differences of `nowMs()`. */
export function today(): Date {
  return new Date();
}

/** In ms of wall-clock time, what is a time of the engine's clock: as far as the two agree at the moment. */
export function wallMs(ms: number): number {
  return Date.now() + (ms - nowMs());
}

/** Now, in ms of wall-clock time. */
export function wallNowMs(): number {
  return Date.now();
}

/** As {@link wallMs}, the other way round. */
export function engineMs(wall: number): number {
  return nowMs() + (wall - Date.now());
}
