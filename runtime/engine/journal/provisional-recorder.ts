import type { Charge, TaskFact } from "../../../actors/workflow/run-past.js";
import { EventReader } from "../../codec/journal-event.js";
import { engineMs } from "../../observe/system-clock.js";
import type { RunRecord } from "../run.js";
import type { Recorder, RecorderEvents } from "./recorder.js";
import type { RunEnd } from "./stored-run.js";
import { TaskFacts } from "./task-facts.js";

/**
 * Keeps, for as long as a run lives, what workers record where nothing has to outlive the process: what became of tasks whose attempts are
 * not repeated. As soon as it is here, the death of the thread that recorded it does no harm.
 */
export class ProvisionalRecorder implements Recorder {
  events!: RecorderEvents;
  readonly isDurable = false as const;
  readonly isFull = false;
  readonly fenceBase = 0;
  #number = 0;
  readonly #facts = new Map<RunRecord, TaskFacts>();

  takeNumber(): number {
    return ++this.#number;
  }

  accept(): undefined {
    return undefined;
  }

  recorded(worker: number, batch: number, events: Uint8Array): void {
    const reader = new EventReader(events);
    while (reader.next()) {
      const record = this.events.liveRun(reader.run, reader.fence);
      if (record !== undefined) this.#of(record).add(reader);
    }
    this.events.onDurable(worker, batch);
  }

  charged(_record: RunRecord, _charge: Charge): void {}

  ended(record: RunRecord, _end: () => RunEnd, then: () => void): void {
    if (this.#facts.size > 0) this.#facts.delete(record);
    then();
  }

  factsOf(record: RunRecord): readonly TaskFact[] {
    return this.#facts.get(record)?.list(engineMs) ?? [];
  }

  async durable(): Promise<void> {}

  async close(): Promise<void> {}

  #of(record: RunRecord): TaskFacts {
    let facts = this.#facts.get(record);
    if (facts === undefined) {
      facts = new TaskFacts();
      this.#facts.set(record, facts);
    }
    return facts;
  }
}
