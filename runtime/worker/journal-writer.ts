import type { Attempt, Journal } from "../../actors/ports.js";
import type { Failure } from "../../actors/workflow/failure.js";
import type { Run } from "../../actors/workflow/run.js";
import { taskPositions } from "../../actors/workflow/run-past.js";
import { EventWriter, FAILED, RETURNED, STARTED } from "../codec/journal-event.js";
import { encodeTrusted } from "../codec/value-codec.js";
import type { ByteRing } from "../memory/byte-ring.js";
import type { Doorbells } from "../memory/doorbell.js";
import type { RingProducer } from "../memory/ring-producer.js";
import type { Bells } from "./bells.js";
import type { Blobs } from "./blobs.js";
import { encodeFailure } from "./failure-codec.js";
import { journalBlob, journalFrameBytes, journalInlineBytesMax, writeJournalFrame } from "./journal-frame.js";

/** Batches that may be on their way: what comes meanwhile goes together with the next one. */
export const batchesUnderWayMax = 2;
/** More than this is sent whatever is under way, in bytes. */
const batchBytesMax = 256 * 1024;

export interface JournalWriterParts {
  readonly worker: number;
  readonly controlThread: number;
  /** To the control thread. */
  readonly ring: ByteRing;
  readonly producer: RingProducer;
  readonly blobs: Blobs;
  readonly bells: Bells;
  readonly doorbells: Doorbells;
  /** Number of its first batch: numbers go on where those of the worker's thread before ended. */
  readonly firstBatch: number;
  /** Whether the ends of all tasks are recorded, or only of those whose attempts are not repeated. */
  readonly recordsAll: boolean;
  readonly isStrict: boolean;
  /** In ms of wall-clock time, of what is a time of the worker's clock. */
  readonly wallMs: (ms: number) => number;
}

/** Gathers what a worker records, and sends it to the control thread in batches. What is durable it finds in shared memory. */
export class JournalWriter implements Journal {
  readonly isStrict: boolean;
  readonly #parts: JournalWriterParts;
  readonly #events = new EventWriter();
  /** Number of the batch that is being gathered. */
  #batch: number;
  /** There was no room for a batch on its way to the control thread. */
  isHeld = false;

  constructor(parts: JournalWriterParts) {
    this.#parts = parts;
    this.isStrict = parts.isStrict;
    this.#batch = parts.firstBatch;
  }

  records(run: Run, node: number): boolean {
    return this.#parts.recordsAll || run.workflow.isOnce(node);
  }

  returned({ run, scope, instance, attempt }: Attempt): number {
    const kept = scope.memory.kept(instance);
    const body = kept === undefined ? undefined : encodeTrusted(kept);
    this.#events.append(RETURNED, run.slot, run.epoch, attempt, taskPositions(scope, instance), 0, body);
    return this.#batch;
  }

  failed({ run, scope, instance, attempt }: Attempt, failure: Failure, dueAt: number): number {
    const at = this.#parts.wallMs(dueAt);
    this.#events.append(FAILED, run.slot, run.epoch, attempt, taskPositions(scope, instance), at, encodeFailure(failure));
    return this.#batch;
  }

  started({ run, scope, instance, attempt }: Attempt): number {
    this.#events.append(STARTED, run.slot, run.epoch, attempt, taskPositions(scope, instance), 0);
    return this.#batch;
  }

  isDurable(batch: number): boolean {
    const { doorbells, worker } = this.#parts;
    return ((doorbells.durable(worker) - batch) | 0) >= 0; // numbers wrap
  }

  flush(): boolean {
    this.isHeld = this.#events.length > 0 && !this.#send();
    return !this.isHeld;
  }

  /** As flush(), unless so much is under way that what comes now can go together with what comes later: its answer rings. */
  flushSoon(): void {
    const { doorbells, worker } = this.#parts;
    const underWay = (this.#batch - 1 - doorbells.durable(worker)) | 0;
    if (underWay < batchesUnderWayMax || this.#events.length > batchBytesMax) this.flush();
  }

  #send(): boolean {
    const { producer, ring, blobs, bells, worker, controlThread } = this.#parts;
    const { length } = this.#events;
    const isByPort = length > journalInlineBytesMax;
    const offset = producer.reserve(journalFrameBytes(isByPort ? 0 : length));
    if (offset < 0) return false;
    const events = this.#events.take();
    if (isByPort) blobs.post(controlThread, journalBlob(worker, this.#batch), events);
    writeJournalFrame(ring, offset, this.#batch, events);
    producer.publish();
    this.#batch = (this.#batch + 1) | 0;
    bells.ring(controlThread);
    return true;
  }
}
