import type { LatencyRecorder, Stopwatch } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { RecordStore } from "./record-store.js";

/** Measures attempts as `latencies` does, and keeps a record of each. */
export class AttemptRecorder implements LatencyRecorder {
  readonly #latencies: LatencyRecorder;
  readonly #records: RecordStore;
  readonly #watch: Stopwatch;

  constructor(latencies: LatencyRecorder, records: RecordStore, watch: Stopwatch) {
    this.#latencies = latencies;
    this.#records = records;
    this.#watch = watch;
  }

  task(task: ReadyTask, queueMs: number, serviceMs: number, isReturned: boolean): void {
    this.#latencies.task(task, queueMs, serviceMs, isReturned);
    const endedAt = this.#watch.boundary;
    // Exactly the start that the duration was measured from: of two numbers within a factor of two the difference is not rounded.
    this.#records.note(task, endedAt - serviceMs, endedAt, isReturned);
  }
}
