import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Results } from "../../actors/ports.js";
import type { Run } from "../../actors/workflow/run.js";
import { errorToData } from "../codec/error-codec.js";
import { encodeTrusted, encodeValue } from "../codec/value-codec.js";
import { failpoint } from "../faults/failpoint.js";
import type { ByteRing } from "../memory/byte-ring.js";
import type { RingProducer } from "../memory/ring-producer.js";
import type { RunTable } from "../memory/run-table.js";
import type { Bells } from "./bells.js";
import type { Blobs } from "./blobs.js";
import { resultBytesMax, resultFrameBytes, writeResult } from "./result-frame.js";
import type { RunRegistry } from "./run-registry.js";
import type { SharedSpace } from "./shared-space.js";

/** Instance number under which a result travels by port. */
export const RESULT_BLOB = -1;

export interface RunResultsParts {
  readonly worker: number;
  readonly workers: number;
  readonly controlThread: number;
  readonly ring: ByteRing;
  readonly producer: RingProducer;
  readonly bells: Bells;
  readonly blobs: Blobs;
  readonly runs: RunTable;
  readonly registry: RunRegistry;
  readonly outputBytesMax: number;
}

/** Sends the ends of runs to the control thread, and ends the runs' lives in shared memory. */
export class RunResults implements Results {
  readonly #parts: RunResultsParts;
  /** By worker, of the run whose end is being sent. */
  readonly #tasks: number[];
  readonly #workMs: number[];
  /** Spaces of ended runs that some guest may still be using. */
  readonly #leaving: SharedSpace[] = [];

  constructor(parts: RunResultsParts) {
    this.#parts = parts;
    this.#tasks = new Array<number>(parts.workers).fill(0);
    this.#workMs = new Array<number>(parts.workers).fill(0);
  }

  send(run: Run, isOk: boolean, value: unknown, at: number): boolean {
    if (this.#isGone(run)) return true;
    const { ring, producer, workers, blobs, runs, controlThread } = this.#parts;
    const encoded = this.#encode(isOk, value);
    failpoint("result.encoded");
    const isByPort = encoded.body.length > resultBytesMax;
    const offset = producer.reserve(resultFrameBytes(workers, isByPort ? 0 : encoded.body.length));
    if (offset < 0) return false;
    const { slot, epoch } = run;
    if (isByPort) blobs.post(controlThread, { slot, epoch, scope: 0, instance: RESULT_BLOB }, encoded.body);
    this.#countWork(run);
    const { body } = encoded;
    writeResult(ring.ints, ring.bytes, offset, {
      slot,
      epoch,
      isOk: encoded.isOk,
      startedAt: run.startedAt,
      endedAt: at,
      tasks: this.#tasks,
      workMs: this.#workMs,
      body,
      isByPort,
    });
    // Before the frame can be seen: the control thread gives the slot to another run as soon as it has read it.
    if (run.isShared) runs.raise(slot);
    failpoint("ring.claimed");
    producer.publish();
    failpoint("ring.published");
    return true;
  }

  flush(): void {
    this.#parts.bells.ring(this.#parts.controlThread);
  }

  close(run: Run): void {
    if (this.#isGone(run)) return;
    this.#parts.registry.removeHome(run);
    if (!run.isShared) return;
    this.#leaving.push(run.space as SharedSpace);
    this.sweep();
  }

  discard(run: Run): void {
    if (this.#isGone(run)) return;
    this.#parts.registry.removeHome(run);
    if (run.isShared) this.#leave(run);
  }

  /** The control thread has taken a run away that has ended here: its memory is freed by LettingGo, not by a walk through its scopes. */
  forget(slot: number, epoch: number): void {
    const index = this.#leaving.findIndex(({ run }) => run.slot === slot && run.epoch === epoch);
    if (index === -1) return;
    const [space] = this.#leaving.splice(index, 1) as [SharedSpace];
    this.#leave(space.run);
  }

  /** Guests are inside of runs that have ended here. */
  get isWaiting(): boolean {
    return this.#leaving.length > 0;
  }

  /** Frees the memory of ended runs that nobody else uses any more, and leaves them: until then their slots are not used again. */
  sweep(): void {
    const { runs, worker } = this.#parts;
    for (let index = this.#leaving.length - 1; index >= 0; index--) {
      const space = this.#leaving[index] as SharedSpace;
      if (runs.hasOtherUsers(space.run.slot, worker)) continue;
      space.free();
      this.#leave(space.run);
      this.#leaving.splice(index, 1);
    }
  }

  #leave(run: Run): void {
    this.#parts.runs.leave(run.slot, this.#parts.worker); // entered by WorkSharing.share()
  }

  #isGone(run: Run): boolean {
    return this.#parts.registry.home(run.slot, run.epoch) !== run;
  }

  #encode(isOk: boolean, value: unknown): { isOk: boolean; body: Uint8Array } {
    if (!isOk) return { isOk: false, body: encodeValue(errorToData(value)) };
    const body = encodeTrusted(value);
    if (body.length <= this.#parts.outputBytesMax) return { isOk: true, body };
    return { isOk: false, body: encodeValue(errorToData(tooLarge(body.length, this.#parts.outputBytesMax))) };
  }

  #countWork(run: Run): void {
    const { workers, worker } = this.#parts;
    for (let index = 0; index < workers; index++) {
      const isHome = index === worker;
      const statistics = run.isShared ? (run.space as SharedSpace).statisticsOf(index) : undefined;
      this.#tasks[index] = statistics?.tasks ?? (isHome ? run.tasks : 0);
      this.#workMs[index] = statistics?.workMs ?? (isHome ? run.workMs : 0);
    }
  }
}

function tooLarge(bytes: number, bytesMax: number): DataFlowerError {
  return new DataFlowerError(
    "DF_RESULT_TOO_LARGE",
    `Cannot hand over the result as limits.outputBytesMax is ${bytesMax} bytes: found ${bytes} bytes`,
  );
}
