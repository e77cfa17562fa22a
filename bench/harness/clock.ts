/**
 * Milliseconds on the machine's monotonic clock. Its zero is the same in every thread, which is not true of `performance.now()`:
 * a moment noted by one thread can be subtracted from one noted by another.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
