import type { Reports } from "../../actors/ports.js";
import type { Failure } from "../../actors/workflow/failure.js";
import type { ReadyTask, Run } from "../../actors/workflow/run.js";
import type { Scope } from "../../actors/workflow/scope.js";
import type { RingProducer } from "../memory/ring-producer.js";
import type { Bells } from "./bells.js";
import type { Blobs } from "./blobs.js";
import { encodeFailure } from "./failure-codec.js";
import { AT_HOME } from "./handle.js";
import { encodeReport, RETURNED, RUN_ENDED, reportBytesMax, reportFailureBytesMax, TASK_FAILED } from "./report-frame.js";
import { SharedMemory } from "./shared-memory.js";

/** Instance number under which the failure of instance 0 travels by port; those of the others lie below it. */
export const FAILURE_BLOB = -1;

/** Sends a guest's reports through the rings to the homes. What does not fit at once waits here; `flush` sends it on. */
export class GuestReports implements Reports {
  readonly #rings: ReadonlyMap<number, RingProducer>;
  readonly #bells: Bells;
  readonly #blobs: Blobs;
  readonly #waiting = new Map<number, Uint8Array[]>();

  /** @param rings to each other worker */
  constructor(rings: ReadonlyMap<number, RingProducer>, bells: Bells, blobs: Blobs) {
    this.#rings = rings;
    this.#bells = bells;
    this.#blobs = blobs;
  }

  /** Some reports have found no room yet. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  hasRoomFor(home: number): boolean {
    return !this.#waiting.has(home) && this.#ring(home).freeBytes() >= 4 * reportBytesMax;
  }

  reserve(home: number): boolean {
    return this.hasRoomFor(home) && this.#ring(home).promise(reportBytesMax);
  }

  release(home: number): void {
    this.#ring(home).unpromise(reportBytesMax);
  }

  runEnded(run: Run): void {
    this.#send(run, RUN_ENDED, 0, 0, 0, undefined);
  }

  taskFailed({ run, scope, instance, attempt }: ReadyTask, failure: Failure): void {
    this.#send(run, TASK_FAILED, handleOfScope(scope), instance, attempt, encodeFailure(failure));
  }

  returned(run: Run, scope: Scope, instance: number): void {
    this.#send(run, RETURNED, handleOfScope(scope), instance, 0, undefined);
  }

  /** Sends what waits, as far as there is room. */
  flush(): void {
    for (const [home, frames] of this.#waiting) {
      while (frames.length > 0 && this.#ring(home).offer(frames[0] as Uint8Array)) frames.shift();
      if (frames.length === 0) this.#waiting.delete(home);
      this.#bells.ring(home);
    }
  }

  #send(run: Run, kind: number, scope: number, instance: number, attempt: number, failure: Uint8Array | undefined): void {
    const { slot, epoch, home } = run;
    const isByPort = failure !== undefined && failure.length > reportFailureBytesMax;
    if (isByPort) this.#blobs.post(home, { slot, epoch, scope, instance: FAILURE_BLOB - instance }, failure);
    const frame = encodeReport({ kind, slot, epoch, scope, instance, attempt, failure: isByPort ? undefined : failure, isByPort });
    const waiting = this.#waiting.get(home);
    if (waiting !== undefined) waiting.push(frame);
    else if (!this.#ring(home).offer(frame)) this.#waiting.set(home, [frame]);
    this.#bells.ring(home);
  }

  #ring(home: number): RingProducer {
    return this.#rings.get(home) as RingProducer; // there is a ring to every other worker
  }
}

function handleOfScope(scope: Scope): number {
  return scope.memory instanceof SharedMemory ? scope.memory.handle : AT_HOME;
}
