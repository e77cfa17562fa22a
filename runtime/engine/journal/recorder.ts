import type { Charge, TaskFact } from "../../../actors/workflow/run-past.js";
import type { RunRecord } from "../run.js";
import type { Acceptance, RunEnd } from "./stored-run.js";

/** What a recorder asks of the engine. */
export interface RecorderEvents {
  /** The run that lives in a slot under this epoch. */
  liveRun(slot: number, epoch: number): RunRecord | undefined;
  /** All that a worker has recorded up to this batch is durable. */
  onDurable(worker: number, batch: number): void;
  /** There is room again for what workers record. */
  onRoom(): void;
  /** Nothing can be recorded any more. */
  onFailed(error: unknown): void;
}

/** Keeps what has happened to runs, on the control thread: for as long as they live, or in a store. */
export interface Recorder {
  /** Set once, by the composition root, before anything is recorded. */
  events: RecorderEvents;
  /** What is recorded outlives the process. */
  readonly isDurable: boolean;
  /** Nothing more should be recorded at the moment. */
  readonly isFull: boolean;
  /** Number of the next run to be accepted: the order of their submission. */
  takeNumber(): number;
  /** Fence of a run before its first home. */
  readonly fenceBase: number;
  /** A run has been accepted. @returns what resolves when that is durable; undefined: at once */
  accept(record: RunRecord, acceptance: () => Acceptance): Promise<void> | undefined;
  /** A worker has recorded a batch of events; the bytes are the recorder's from here on. */
  recorded(worker: number, batch: number, events: Uint8Array): void;
  /** An attempt ended with its thread. */
  charged(record: RunRecord, charge: Charge): void;
  /** A run has ended. @param then called when that is durable @param failed called when it cannot become so */
  ended(record: RunRecord, end: () => RunEnd, then: () => void, failed: (error: unknown) => void): void;
  /** What is known of the tasks of a run that starts again. */
  factsOf(record: RunRecord): Promise<readonly TaskFact[]> | readonly TaskFact[];
  /** Resolves when all that was recorded until now is durable. */
  durable(): Promise<void>;
  close(): Promise<void>;
}
