import { seeded } from "../random.js";

/** Intended starts in ms from the beginning: Poisson arrivals at this rate for this long. The same seed gives the same schedule. */
export function poissonSchedule({
  ratePerSecond,
  durationMs,
  seed,
}: {
  ratePerSecond: number;
  durationMs: number;
  seed: number;
}): Float64Array {
  const random = seeded(seed);
  const starts: number[] = [];
  for (let at = gapMs(); at < durationMs; at += gapMs()) starts.push(at);
  return Float64Array.from(starts);

  function gapMs(): number {
    return (-Math.log(1 - random()) / ratePerSecond) * 1e3;
  }
}
