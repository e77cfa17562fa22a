import type { LatencyRecorder } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { RecordStore } from "./record-store.js";

/** Measures attempts as `latencies` does, and keeps a record of each. */
export class AttemptRecorder implements LatencyRecorder {
  readonly #latencies: LatencyRecorder;
  readonly #records: RecordStore;

  constructor(latencies: LatencyRecorder, records: RecordStore) {
    this.#latencies = latencies;
    this.#records = records;
  }

  task(task: ReadyTask, startedAt: number, endedAt: number, isReturned: boolean): void {
    this.#latencies.task(task, startedAt, endedAt, isReturned);
    this.#records.note(task, startedAt, endedAt, isReturned);
  }
}
