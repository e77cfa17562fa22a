import { assert } from "../../actors/kernel/assert.js";
import { dataToError, type ErrorData } from "../codec/error-codec.js";
import { decodeValue } from "../codec/value-codec.js";
import type { ReadyQueueProducer } from "../memory/ready-queue.js";
import type { Regions } from "../memory/regions.js";
import { nowMs } from "../observe/system-clock.js";
import type { Bells } from "../worker/bells.js";
import type { Blob, Blobs } from "../worker/blobs.js";
import { offsetOf } from "../worker/handle.js";
import type { Payloads } from "../worker/payloads.js";
import { ResultReader } from "../worker/result-frame.js";
import { inlineBytes, type TicketRun, TicketWriter } from "../worker/ticket.js";
import type { Intake } from "./intake.js";
import { PollPolicy } from "./poll-policy.js";
import type { RunRecord } from "./run.js";
import { SlotQueue } from "./slot-queue.js";

/** Free slots looked at for one that nobody is inside of. */
const slotTriesMax = 8;

export interface DispatchParts {
  readonly regions: Regions;
  readonly payloads: Payloads;
  readonly bells: Bells;
  readonly blobs: Blobs;
  readonly intake: Intake;
  /** Runs that may stand in the ready queue. */
  readonly queuedMax: number;
  readonly onEnded: (record: RunRecord, at: number) => void;
}

/**
 * The control thread's end of the data plane: puts waiting runs into the ready queue, which it keeps shallow, and takes in their
 * ends. Rung by workers; while results keep coming it looks again at every turn of the event loop, so that workers need not ring.
 */
export class Dispatch {
  readonly #parts: DispatchParts;
  readonly #producer: ReadyQueueProducer;
  readonly #writer: TicketWriter;
  readonly #results: ResultReader[] = [];
  readonly #live: (RunRecord | undefined)[];
  readonly #freeSlots: SlotQueue;
  readonly #bodies = new Map<string, Uint8Array>();
  readonly #control: number;
  #liveCount = 0;
  readonly #polling = new PollPolicy();
  /** Runs published since the last ring. */
  #unrung = 0;
  #isPolling = false;
  #isStopped = false;

  constructor(parts: DispatchParts) {
    const { plan, queue } = parts.regions;
    this.#parts = parts;
    this.#control = plan.control;
    this.#producer = queue.claimProducer(plan.control);
    this.#writer = new TicketWriter(queue.ints);
    for (let worker = 0; worker < plan.workers; worker++)
      this.#results.push(new ResultReader(parts.regions.ring(worker, plan.control).claimConsumer()));
    this.#live = new Array<RunRecord | undefined>(plan.runSlots).fill(undefined);
    this.#freeSlots = new SlotQueue(plan.runSlots);
    parts.regions.doorbells.fallAsleep(this.#control, parts.regions.doorbells.events(this.#control));
  }

  readonly #ring = (): void => {
    const { bells } = this.#parts;
    const count = Math.min(this.#unrung, this.#parts.regions.plan.workers);
    this.#unrung = 0;
    for (let ring = 0; ring < count && bells.ringHungry(this.#control); ring++);
  };

  /** Runs that a worker has or may take. */
  get liveCount(): number {
    return this.#liveCount;
  }

  /** Rung by a worker. */
  wake(): void {
    if (this.#isPolling || this.#isStopped) return;
    this.#turn();
  }

  /** Moves waiting runs into the ready queue while it is shallow. */
  pump(): void {
    const { intake, regions, queuedMax } = this.#parts;
    while (intake.size > 0 && this.#freeSlots.length > 0 && regions.queue.length() < queuedMax) {
      if (!this.#publishNext()) break;
    }
  }

  /** A run's large result, sent ahead of its frame. */
  keepBody(blob: Blob): void {
    this.#bodies.set(`${blob.slot}:${blob.epoch}`, blob.bytes);
  }

  /** Every run that has not ended, given up: those in the ready queue, at workers, and in the intake. */
  giveUp(errorFor: (record: RunRecord) => Error): void {
    this.#isStopped = true;
    const now = nowMs();
    for (let record = this.#parts.intake.take(now); record !== undefined; record = this.#parts.intake.take(now)) {
      this.#end(record, errorFor(record), now);
    }
    this.#live.forEach((record, slot) => {
      this.#live[slot] = undefined;
      if (record !== undefined) this.#end(record, errorFor(record), now);
    });
    this.#liveCount = 0;
  }

  #end(record: RunRecord, error: Error, at: number): void {
    record.end(false, error);
    this.#parts.onEnded(record, at);
  }

  #turn(): void {
    const { doorbells } = this.#parts.regions;
    this.#isPolling = false;
    if (this.#isStopped) return;
    doorbells.wakeUp(this.#control);
    const seen = doorbells.events(this.#control);
    const hasReceived = this.#drain();
    this.pump();
    const mayCome = this.#liveCount > 0;
    if (!this.#polling.looksAgain(hasReceived, mayCome) && doorbells.fallAsleep(this.#control, seen)) return;
    this.#isPolling = true;
    setImmediate(() => this.#turn());
  }

  #drain(): boolean {
    let hasReceived = false;
    for (const result of this.#results) {
      while (result.next()) {
        hasReceived = true;
        this.#runEnded(result);
      }
    }
    return hasReceived;
  }

  #runEnded(result: ResultReader): void {
    const { slot } = result;
    const record = this.#live[slot];
    if (record === undefined || record.epoch !== result.epoch) return;
    this.#live[slot] = undefined;
    this.#freeSlots.push(slot);
    this.#liveCount -= 1;
    try {
      const decoded = result.isByPort ? decodeValue(this.#bodyOf(slot, record.epoch)) : result.body();
      record.end(result.isOk, result.isOk ? decoded : dataToError(decoded as ErrorData), result); // encoded by errorToData
    } catch (error) {
      record.end(false, error, result);
    }
    this.#parts.onEnded(record, nowMs());
  }

  /** Rings once for all the runs that are submitted in one go, as what follows a batch of results usually is. */
  #ringSoon(): void {
    this.#unrung += 1;
    if (this.#unrung === 1) queueMicrotask(this.#ring);
  }

  /**
   * The slot that has been free longest, unless a guest of the run that had it is still inside: then it goes to the back. Opening it
   * would give that guest the next run's block for its own.
   */
  #freeSlot(): number {
    for (let tries = Math.min(slotTriesMax, this.#freeSlots.length); tries > 0; tries--) {
      const slot = this.#freeSlots.first as number; // there are that many
      if (!this.#parts.regions.runs.hasUsers(slot)) return slot;
      this.#freeSlots.shift();
      this.#freeSlots.push(slot);
    }
    return -1;
  }

  #bodyOf(slot: number, epoch: number): Uint8Array {
    const key = `${slot}:${epoch}`;
    if (!this.#bodies.has(key)) this.#parts.blobs.drain();
    const body = this.#bodies.get(key) as Uint8Array; // posted before its frame
    this.#bodies.delete(key);
    return body;
  }

  /** Publishes the next waiting run; false when there is no room for it, and it stays where it is. */
  #publishNext(): boolean {
    const { intake, regions, payloads } = this.#parts;
    const slot = this.#freeSlot();
    if (slot < 0) return false;
    const cell = this.#producer.reserve();
    if (cell < 0) return false;
    const record = intake.take(nowMs()) as RunRecord; // pump() has seen one
    const isInline = record.input.length <= inlineBytes(record.ownId);
    const handle = isInline ? 0 : payloads.keep(record.input, slot);
    if (!isInline && handle === 0) {
      this.#producer.cancel(cell);
      intake.putBack(record);
      return false;
    }
    this.#freeSlots.shift();
    record.epoch = regions.runs.open(slot, record.workflowId);
    this.#live[slot] = record;
    this.#liveCount += 1;
    this.#writer.start(
      regions.queue.wordOf(cell),
      ticketOf(record, slot),
      record.workflowId,
      record.input,
      isInline ? 0 : offsetOf(handle),
    );
    assert(this.#producer.publish(cell), "the ready queue holds more tickets than there are cells");
    this.#ringSoon();
    return true;
  }
}

function ticketOf(record: RunRecord, slot: number): TicketRun {
  const { epoch, order, priority, submittedAt, deadline, ownId } = record;
  return { slot, epoch, order, priority, submittedAt, deadline, ownId };
}
