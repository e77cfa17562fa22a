import type { Run } from "../../actors/workflow/run.js";
import { Sample } from "./sample.js";
import type { SimulatedWork } from "./simulated-work.js";
import type { SimulationResult } from "./simulation-result.js";

/** Paths that are shorter count as long as this in a slowdown, in ms. */
const pathMsMin = 1;

/** Gathers what a simulation tells of its runs and attempts. */
export class Statistics {
  readonly #waitMs = new Sample();
  readonly #slowdown = new Sample();
  #firstSubmitMs = Number.POSITIVE_INFINITY;
  #lastEndMs = 0;
  #submitted = 0;
  #ended = 0;
  #failed = 0;
  #attempts = 0;
  #deadlineMisses = 0;

  /** Runs that have been submitted and have not ended. */
  get unfinished(): number {
    return this.#submitted - this.#ended;
  }

  runSubmitted(atMs: number): void {
    this.#submitted += 1;
    this.#firstSubmitMs = Math.min(this.#firstSubmitMs, atMs);
  }

  /** An attempt has started. @param waitMs since it became ready */
  attemptStarted(waitMs: number): void {
    this.#attempts += 1;
    this.#waitMs.add(waitMs);
  }

  /** @param run of a {@link SimulatedWork} */
  runEnded(run: Run, isOk: boolean, atMs: number): void {
    this.#ended += 1;
    this.#lastEndMs = Math.max(this.#lastEndMs, atMs);
    if (run.deadline < atMs) this.#deadlineMisses += 1;
    if (!isOk) this.#failed += 1;
    else this.#slowdown.add((atMs - run.submittedAt) / Math.max(pathMsMin, (run.workflow as SimulatedWork).longestPathMs));
  }

  /** From the first submission to the end of the last run. */
  get makespanMs(): number {
    return Math.max(0, this.#lastEndMs - this.#firstSubmitMs);
  }

  summary(): Pick<SimulationResult, "runs" | "failedRuns" | "tasks" | "makespanMs" | "waitMs" | "slowdown" | "deadlineMisses"> {
    return {
      runs: this.#ended,
      failedRuns: this.#failed,
      tasks: this.#attempts,
      makespanMs: this.makespanMs,
      waitMs: this.#waitMs.distribution(),
      slowdown: this.#slowdown.distribution(),
      deadlineMisses: this.#deadlineMisses,
    };
  }
}
