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
  /** Runs that ended in the time that counts, their answers checked and right. */
  readonly runs: number;
  /** From the start to the end of one, mean of these. */
  readonly meanMs: number;
  readonly runsPerSecond: number;
}

/**
 * Keeps `inFlight` runs going, and tells how many end a second behind the warm-up: by Little's law (A Proof for the Queuing Formula L = λW, 1961) as many as are in
 * flight, divided by how long one takes. Counting ends would not do: runs that wait for equal timers end in waves, and whether the time that counts begins
 * and ends with a wave or between two makes up to one wave's difference.
 */
export async function measureSteadyLoop(session: Session, { graph, inFlight, warmupMs, durationMs }: SteadyLoop): Promise<SteadyRate> {
  const load = new SteadyLoad({ graph, inFlight, durationMs: warmupMs + durationMs }, performance.now() + warmupMs);
  await drive(session, load);
  return load.rate();
}

class SteadyLoad extends Load {
  readonly #fromMs: number;
  /** When each run that is in flight was started. */
  readonly #startedMs = new Map<number, number>();
  #runs = 0;
  #totalMs = 0;

  constructor(options: ConstructorParameters<typeof Load>[0], fromMs: number) {
    super(options);
    this.#fromMs = fromMs;
  }

  override next(): number | undefined {
    const run = super.next();
    if (run !== undefined) this.#startedMs.set(run, performance.now());
    return run;
  }

  override accept(run: number, answer: readonly Output[]): void {
    super.accept(run, answer);
    const nowMs = performance.now();
    const startedMs = this.#startedMs.get(run) as number; // as: next() has given the run
    this.#startedMs.delete(run);
    if (nowMs < this.#fromMs || this.remainingMs() < 0) return;
    this.#runs++;
    this.#totalMs += nowMs - startedMs;
  }

  rate(): SteadyRate {
    if (this.#runs === 0) throw new Error("Cannot tell a rate as a run at least must end in the time that counts: none did");
    const meanMs = this.#totalMs / this.#runs;
    return { runs: this.#runs, meanMs, runsPerSecond: (this.inFlight / meanMs) * 1e3 };
  }
}
