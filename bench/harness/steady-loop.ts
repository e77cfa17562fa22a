import { performance } from "node:perf_hooks";
import type { Session } from "../peers/graph/contender.js";
import type { Output } from "../workloads/task-graph.js";
import { type ClosedLoop, drive } from "./closed-loop.js";
import { Load } from "./load.js";

/** A closed loop that is measured when it has been going on for a while. */
export interface SteadyLoop extends ClosedLoop {
  /** With all runs in flight already, before what counts. */
  readonly warmupMs: number;
}

export interface SteadyRate {
  /** Runs that count, their answers checked and right. */
  readonly runs: number;
  readonly elapsedMs: number;
  readonly runsPerSecond: number;
}

/**
 * Keeps `inFlight` runs going, and tells how many ended a second between the first end behind the warm-up and the last one before the time was over: neither
 * how the runs get under way nor how they come to an end is in it, which matters for runs that take long and compute little.
 */
export async function measureSteadyLoop(session: Session, { graph, inFlight, warmupMs, durationMs }: SteadyLoop): Promise<SteadyRate> {
  const load = new SteadyLoad({ graph, inFlight, durationMs: warmupMs + durationMs }, performance.now() + warmupMs);
  await drive(session, load);
  return load.rate();
}

class SteadyLoad extends Load {
  readonly #fromMs: number;
  #first = { atMs: Number.NaN, accepted: 0 };
  #last = { atMs: Number.NaN, accepted: 0 };

  constructor(options: ConstructorParameters<typeof Load>[0], fromMs: number) {
    super(options);
    this.#fromMs = fromMs;
  }

  override accept(run: number, answer: readonly Output[]): void {
    super.accept(run, answer);
    const now = { atMs: performance.now(), accepted: this.accepted };
    if (now.atMs < this.#fromMs || this.remainingMs() < 0) return;
    if (this.#first.accepted === 0) this.#first = now;
    this.#last = now;
  }

  rate(): SteadyRate {
    const runs = this.#last.accepted - this.#first.accepted;
    const elapsedMs = this.#last.atMs - this.#first.atMs;
    if (!(runs > 0)) throw new Error("Cannot tell a rate as two runs at least must end in the time that counts: fewer did");
    return { runs, elapsedMs, runsPerSecond: (runs / elapsedMs) * 1000 };
  }
}
