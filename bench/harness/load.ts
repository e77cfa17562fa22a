import { performance } from "node:perf_hooks";
import { Answers } from "../workloads/inputs.js";
import type { Output, TaskGraph } from "../workloads/task-graph.js";

/** The clock is read once in so many runs: reading it costs as much as a small run of the fastest contender. */
const RUNS_PER_CLOCK_READ = 8;

/** A closed loop of runs: hands out run numbers until its time is over, and accepts their answers only when they are right. */
export class Load {
  /** Runs that may be in flight at any moment. */
  readonly inFlight: number;
  readonly #answers: Answers;
  readonly #deadlineMs: number;
  #given = 0;
  #accepted = 0;
  #isOver = false;

  constructor({ graph, inFlight, durationMs }: { graph: TaskGraph; inFlight: number; durationMs: number }) {
    this.inFlight = inFlight;
    this.#answers = new Answers(graph);
    this.#deadlineMs = performance.now() + durationMs;
  }

  /** Number of the next run to start, or undefined once the time is over. */
  next(): number | undefined {
    if (this.#given % RUNS_PER_CLOCK_READ === 0 && this.#given > 0 && this.remainingMs() <= 0) this.#isOver = true;
    return this.#isOver ? undefined : this.#given++;
  }

  accept(run: number, answer: readonly Output[]): void {
    this.#answers.check(run, answer);
    this.#accepted++;
  }

  /** For runs that another thread started and checked by the same rule. */
  acceptChecked(runs: number): void {
    this.#accepted += runs;
  }

  get accepted(): number {
    return this.#accepted;
  }

  remainingMs(): number {
    return this.#deadlineMs - performance.now();
  }
}
