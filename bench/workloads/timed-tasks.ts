/** Run times in ms of the kinds of tasks that real schedulers are tried with: each is its own workflow, so that its estimate can be told. */
export const kindsMs = [4, 8, 16, 32, 64, 128] as const;

export type KindMs = (typeof kindsMs)[number];

/** Keeps its thread busy for so long, and gives the time back. */
export function busyFor(ms: number): number {
  for (const end = performance.now() + ms; performance.now() < end; );
  return ms;
}

export interface TimedTask {
  readonly submitMs: number;
  readonly ms: KindMs;
  /** When it should have ended. */
  readonly deadlineMs: number;
}

/**
 * Tasks at random: each twice as long kind is half as likely, so that all take as much time together. Poisson arrivals at a load.
 *
 * @param workers that the load is one of
 */
export function timedTasks(count: number, load: number, workers: number, random: () => number): TimedTask[] {
  const weights = kindsMs.map((ms) => 1 / ms);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanMs = kindsMs.length / total;
  let submitMs = 0;
  return Array.from({ length: count }, (_, index) => {
    submitMs += (-Math.log(1 - random()) * meanMs) / (load * workers);
    let draw = random() * total;
    const kind = weights.findIndex((weight) => {
      draw -= weight;
      return draw < 0;
    });
    const ms = kindsMs[kind < 0 ? kindsMs.length - 1 : kind]!;
    return { submitMs, ms, deadlineMs: submitMs + ms * (1.5 + 8.5 * ((0.6180339887 * index) % 1)) };
  });
}
