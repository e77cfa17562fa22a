import { assert } from "../../actors/kernel/assert.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Charge } from "../../actors/workflow/charges.js";
import { dataToError, type ErrorData } from "../codec/error-codec.js";
import { decodeValue, encodeTrusted } from "../codec/value-codec.js";
import { failpoint } from "../faults/failpoint.js";
import type { ByteRing } from "../memory/byte-ring.js";
import { isRingCorrupt } from "../memory/is-ring-corrupt.js";
import type { ReadyQueueProducer } from "../memory/ready-queue.js";
import type { Regions } from "../memory/regions.js";
import { nowMs } from "../observe/system-clock.js";
import type { Bells } from "../worker/bells.js";
import type { Blob, Blobs } from "../worker/blobs.js";
import { NOTHING, offsetOf } from "../worker/handle.js";
import type { Payloads } from "../worker/payloads.js";
import { ResultReader } from "../worker/result-frame.js";
import { inlineBytes, type TicketRun, TicketWriter } from "../worker/ticket.js";
import type { Intake } from "./intake.js";
import { PollPolicy } from "./poll-policy.js";
import { Retirement } from "./retirement.js";
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
  /** What a worker has sent cannot be read: its thread has to end. Nothing of it is read until ended(). */
  readonly onBroken: (worker: number, error: DataFlowerError) => void;
}

/**
 * The control thread's end of the data plane: puts waiting runs into the ready queue, which it keeps shallow, and takes in their
 * ends. Rung by workers; while results keep coming it looks again at every turn of the event loop, so that workers need not ring.
 */
export class Dispatch {
  readonly #parts: DispatchParts;
  readonly #producer: ReadyQueueProducer;
  readonly #writer: TicketWriter;
  /** By worker; undefined: its ring is broken. */
  readonly #results: (ResultReader | undefined)[] = [];
  readonly #live: (RunRecord | undefined)[];
  readonly #freeSlots: SlotQueue;
  readonly #bodies = new Map<string, Uint8Array>();
  readonly #retirement: Retirement;
  /** By slot: the handle of the block with the charges of its run. Few runs have any. */
  readonly #charges = new Map<number, number>();
  /** Runs that may be why threads end: they are under way one at a time, so that the next such end is known for theirs. */
  readonly #suspects: RunRecord[] = [];
  #suspect: RunRecord | undefined;
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
    for (let worker = 0; worker < plan.workers; worker++) this.#results.push(new ResultReader(this.#ringOf(worker).claimConsumer()));
    this.#live = new Array<RunRecord | undefined>(plan.runSlots).fill(undefined);
    this.#freeSlots = new SlotQueue(plan.runSlots);
    this.#retirement = new Retirement(parts.regions, parts.bells, (slot) => {
      this.#charges.delete(slot); // freed with everything else of the slot
      this.#freeSlots.push(slot);
    });
    parts.regions.doorbells.fallAsleep(this.#control, parts.regions.doorbells.events(this.#control));
  }

  readonly #ring = (): void => {
    const { bells } = this.#parts;
    const count = Math.min(this.#unrung, this.#parts.regions.plan.workers);
    this.#unrung = 0;
    for (let ring = 0; ring < count && bells.ringHungry(this.#control); ring++);
  };

  /** Runs that a worker has or may take, and those that are held back as others like them are under way. */
  get liveCount(): number {
    return this.#liveCount + this.#suspects.length;
  }

  /** Slots whose runs were taken away and that some worker has not let go of. */
  get retiringCount(): number {
    return this.#retirement.size;
  }

  /** The run that lives in a slot under this epoch. */
  liveRun(slot: number, epoch: number): RunRecord | undefined {
    const record = this.#live[slot];
    return record?.epoch === epoch ? record : undefined;
  }

  /** Slots of which no run, live or taken away, has any part. */
  get freeSlotCount(): number {
    return this.#freeSlots.length;
  }

  /** The run that lives in a slot. */
  liveIn(slot: number): RunRecord | undefined {
    return this.#live[slot];
  }

  /** Runs that no worker can take yet. */
  get waitingCount(): number {
    return this.#parts.intake.size + this.#suspects.length;
  }

  /** Rung by a worker. */
  wake(): void {
    if (this.#isPolling || this.#isStopped) return;
    this.#turn();
  }

  #mayPublish(): boolean {
    const { intake, regions, queuedMax } = this.#parts;
    return this.#hasWaiting(intake) && this.#freeSlots.length > 0 && regions.queue.length() < queuedMax;
  }

  /** Moves waiting runs into the ready queue while it is shallow. Whoever empties it rings for those that are left. */
  pump(): void {
    const { doorbells } = this.#parts.regions;
    do {
      while (this.#mayPublish() && this.#publishNext());
      doorbells.setLeftOver(this.#control, this.#hasWaiting(this.#parts.intake));
    } while (this.#mayPublish() && this.#publishNext()); // what was taken in between: nobody has been told to ring for it
  }

  /** Takes in everything that workers have sent so far. */
  drain(): boolean {
    let hasReceived = false;
    for (let worker = 0; worker < this.#results.length; worker++) {
      for (let result = this.#next(worker); result !== undefined; result = this.#next(worker)) {
        hasReceived = true;
        if (result.isLetGo) this.#retirement.answered(worker, result.slot, result.epoch);
        else this.#runEnded(result);
      }
    }
    return hasReceived;
  }

  /** A worker's thread has ended: takes in what it has sent, as far as it can be read. The ring is empty then, for its successor. */
  ended(worker: number): void {
    this.drain();
    const ring = this.#ringOf(worker);
    ring.repair("consumer");
    this.#results[worker] = new ResultReader(ring.claimConsumer());
  }

  /** Ends a run that has not ended, wherever it is. */
  cancel(record: RunRecord, status: "failed" | "cancelled", error: Error): void {
    if (record.isEnded) return;
    if (record.slot >= 0) this.#takeAway(record.slot);
    else if (this.#suspects.includes(record)) this.#suspects.splice(this.#suspects.indexOf(record), 1);
    else this.#parts.intake.remove(record);
    this.#end(record, status, error);
    this.wake();
  }

  /** Starts a live run again from its input, at whichever worker takes it, as `ended` has ended, and that had to do with it. */
  restart(record: RunRecord, ended: number): void {
    this.#takeAway(record.slot, ended);
    if (record.crashes > 0) this.#suspects.push(record);
    else this.#parts.intake.putBack(record);
  }

  /** Takes a free slot out of use until everybody has let go of the run that it held: `ended` was still inside of it. */
  takeOut(slot: number, ended: number): void {
    if (!this.#freeSlots.remove(slot)) return; // on its way out already
    this.#retirement.add(slot, (this.#parts.regions.runs.raise(slot) - 2) | 0, ended); // its end had raised it once before
  }

  /** A worker's successor has been made. */
  replaced(worker: number): void {
    this.#retirement.replaced(worker);
    this.wake();
  }

  /** A run's large result, sent ahead of its frame. */
  keepBody(blob: Blob): void {
    this.#bodies.set(`${blob.slot}:${blob.epoch}`, blob.bytes);
  }

  /** Every run that has not ended, given up: those at workers and in the ready queue, which start nothing more, and in the intake. */
  giveUp(status: "failed" | "cancelled", errorFor: (record: RunRecord) => Error): void {
    this.#isStopped = true;
    const live = this.#live.flatMap((record) => record ?? []);
    const given = [...this.#suspects, ...live.map(({ slot }) => this.#takeAway(slot))];
    const now = nowMs();
    for (let record = this.#parts.intake.take(now); record !== undefined; record = this.#parts.intake.take(now)) given.push(record);
    this.#suspects.length = 0;
    for (const record of given) this.#end(record, status, errorFor(record));
  }

  #ringOf(worker: number): ByteRing {
    return this.#parts.regions.ring(worker, this.#control);
  }

  /** A worker's reader, moved to the next frame; undefined when there is none, or none that can be read. */
  #next(worker: number): ResultReader | undefined {
    const result = this.#results[worker];
    if (result === undefined) return undefined;
    try {
      return result.next() ? result : undefined;
    } catch (error) {
      if (!isRingCorrupt(error)) throw error;
      this.#results[worker] = undefined;
      this.#parts.onBroken(worker, error);
      return undefined;
    }
  }

  #hasWaiting(intake: Intake): boolean {
    return intake.size > 0 || (this.#suspects.length > 0 && this.#suspect === undefined);
  }

  #takeAway(slot: number, ended?: number): RunRecord {
    const { runs } = this.#parts.regions;
    const record = this.#live[slot] as RunRecord; // the caller knows that there is one
    const { epoch } = record;
    this.#vacate(record);
    runs.raise(slot);
    this.#retirement.add(slot, epoch, ended);
    return record;
  }

  #vacate(record: RunRecord): void {
    this.#live[record.slot] = undefined;
    this.#liveCount -= 1;
    record.slot = -1;
    if (this.#suspect === record) this.#suspect = undefined;
  }

  #end(record: RunRecord, status: "failed" | "cancelled", error: Error): void {
    const now = nowMs();
    record.end(status, error, now);
    this.#parts.onEnded(record, now);
  }

  #turn(): void {
    const { doorbells } = this.#parts.regions;
    this.#isPolling = false;
    if (this.#isStopped) return;
    doorbells.wakeUp(this.#control);
    const seen = doorbells.events(this.#control);
    const hasReceived = this.drain();
    this.#retirement.sweep();
    this.pump();
    const mayCome = this.#liveCount > 0;
    if (!this.#polling.looksAgain(hasReceived, mayCome) && doorbells.fallAsleep(this.#control, seen)) return;
    this.#isPolling = true;
    setImmediate(() => this.#turn());
  }

  #runEnded(result: ResultReader): void {
    failpoint("result.received");
    const { slot, epoch } = result;
    const record = this.liveRun(slot, epoch);
    if (record === undefined) {
      if (result.isByPort) this.#bodyByPort(slot, epoch); // it would stay for ever
      return;
    }
    this.#vacate(record);
    this.#freeSlots.push(slot);
    if (this.#charges.has(slot) && !this.#parts.regions.runs.hasUsers(slot)) this.#freeCharges(slot); // else when the slot is used again
    const { isOk, value } = this.#bodyOf(result);
    // Guests may be at work for a run that has failed; one that has completed has nothing left to do.
    if (!isOk) this.#retirement.giveUpGuests(slot, epoch, this.#parts.regions.runs.home(slot));
    const now = nowMs();
    record.end(isOk ? "completed" : "failed", value, now, result);
    failpoint("run.final");
    this.#parts.onEnded(record, now);
  }

  #freeCharges(slot: number): void {
    const handle = this.#charges.get(slot);
    if (handle === undefined) return;
    this.#charges.delete(slot);
    this.#parts.payloads.free(handle);
  }

  #bodyOf(result: ResultReader): { isOk: boolean; value: unknown } {
    try {
      const decoded = result.isByPort ? decodeValue(this.#bodyByPort(result.slot, result.epoch)) : result.body();
      return { isOk: result.isOk, value: result.isOk ? decoded : dataToError(decoded as ErrorData) }; // encoded by errorToData
    } catch (error) {
      return { isOk: false, value: error };
    }
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

  #bodyByPort(slot: number, epoch: number): Uint8Array {
    const key = `${slot}:${epoch}`;
    if (!this.#bodies.has(key)) this.#parts.blobs.drain();
    const body = this.#bodies.get(key) as Uint8Array; // posted before its frame
    this.#bodies.delete(key);
    return body;
  }

  /** Publishes the next waiting run, or ends it where its scheduler has refused it; false when there is no room, and it stays where it is. */
  #publishNext(): boolean {
    const slot = this.#freeSlot();
    if (slot < 0) return false;
    const cell = this.#producer.reserve();
    if (cell < 0) return false;
    const record = this.#nextWaiting();
    if (record.refused !== undefined) {
      this.#producer.cancel(cell);
      this.#end(record, "failed", record.refused);
      return true;
    }
    const blocks = this.#blocksOf(record, slot) ?? this.#blocksInCleared(record, slot);
    if (blocks === undefined) {
      this.#producer.cancel(cell);
      if (this.#suspect === record) this.#suspect = undefined;
      if (!this.#mayGetRoom()) {
        this.#end(record, "failed", neverFits(record, this.#parts.regions.plan.arenaBytes));
        return true;
      }
      if (record.crashes > 0) this.#suspects.unshift(record);
      else this.#parts.intake.putBack(record);
      return false;
    }
    this.#publish(record, slot, cell, blocks);
    return true;
  }

  #nextWaiting(): RunRecord {
    const suspect = this.#suspect === undefined ? this.#suspects.shift() : undefined;
    if (suspect === undefined) return this.#parts.intake.take(nowMs()) as RunRecord; // #hasWaiting() has seen one
    this.#suspect = suspect;
    return suspect;
  }

  /** Handles of the run's input and charges in our arena, 0 for what the ticket holds or what there is none of; undefined: no room. */
  #blocksOf(record: RunRecord, slot: number): { input: number; charges: number } | undefined {
    const { payloads } = this.#parts;
    const isInline = record.input.length <= inlineBytes(record.ownId);
    const input = isInline ? NOTHING : payloads.keep(record.input, slot);
    if (!isInline && input === NOTHING) return undefined;
    if (record.charges === undefined) return { input, charges: NOTHING };
    const charges = payloads.keep(encodeTrusted(record.charges satisfies Charge[]), slot);
    if (charges !== NOTHING) return { input, charges };
    if (!isInline) payloads.free(input);
    return undefined;
  }

  /** Whether anything that takes room now will be freed without our doing. */
  #mayGetRoom(): boolean {
    return this.#liveCount > 0 || this.#retirement.size > 0;
  }

  /** While no run is anywhere, all that takes room in our arena are charges of runs that have ended: they are freed now, not later. */
  #blocksInCleared(record: RunRecord, slot: number): { input: number; charges: number } | undefined {
    if (this.#mayGetRoom()) return undefined;
    for (const ended of this.#charges.keys()) if (!this.#parts.regions.runs.hasUsers(ended)) this.#freeCharges(ended);
    return this.#blocksOf(record, slot);
  }

  #publish(record: RunRecord, slot: number, cell: number, { input, charges }: { input: number; charges: number }): void {
    const { regions } = this.#parts;
    this.#freeSlots.shift();
    this.#freeCharges(slot);
    if (charges !== NOTHING) this.#charges.set(slot, charges);
    record.slot = slot;
    record.epoch = regions.runs.open(slot, record.workflowId);
    record.fence += 1;
    this.#live[slot] = record;
    this.#liveCount += 1;
    const ticket = ticketOf(record, charges === NOTHING ? 0 : offsetOf(charges));
    this.#writer.start(regions.queue.wordOf(cell), ticket, record.workflowId, record.input, input === NOTHING ? 0 : offsetOf(input));
    assert(this.#producer.publish(cell), "the ready queue holds more tickets than there are cells");
    this.#ringSoon();
  }
}

function neverFits({ id, input }: RunRecord, arenaBytes: number): DataFlowerError {
  const found = `its input must fit, with what is known of lost attempts, into limits.arenaBytesMax of ${arenaBytes} bytes`;
  return new DataFlowerError("DF_RESULT_TOO_LARGE", `Cannot start run ${id} as ${found}: found ${input.length} bytes`, { runId: id });
}

function ticketOf(record: RunRecord, chargesBlock: number): TicketRun {
  const { slot, epoch, order, rank, priority, submittedAt, deadline, ownId, fence } = record;
  return { slot, epoch, order, rank, priority, submittedAt, deadline, ownId, fence, chargesBlock };
}
