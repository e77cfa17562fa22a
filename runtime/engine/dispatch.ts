import { assert } from "../../actors/kernel/assert.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { TaskFact } from "../../actors/workflow/run-past.js";
import { dataToError, type ErrorData, errorToData } from "../codec/error-codec.js";
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
import { journalBlob } from "../worker/journal-frame.js";
import type { Payloads } from "../worker/payloads.js";
import { ResultReader } from "../worker/result-frame.js";
import { inlineBytes, type TicketRun, TicketWriter } from "../worker/ticket.js";
import type { Intake } from "./intake.js";
import type { Recorder } from "./journal/recorder.js";
import type { RunEnd } from "./journal/stored-run.js";
import { TaskFacts } from "./journal/task-facts.js";
import { PollPolicy } from "./poll-policy.js";
import { Retirement } from "./retirement.js";
import type { RunRecord, RunWork } from "./run.js";
import { SlotQueue } from "./slot-queue.js";

/** Free slots looked at for one that nobody is inside of. */
const slotTriesMax = 8;

export interface DispatchParts {
  readonly regions: Regions;
  readonly payloads: Payloads;
  readonly bells: Bells;
  readonly blobs: Blobs;
  readonly intake: Intake;
  readonly recorder: Recorder;
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
  /** By slot: the handle of the block with what is known of its run from before. Few runs have any. */
  readonly #pasts = new Map<number, number>();
  /** By worker: number of its newest batch. */
  readonly #batches: number[];
  /** Runs that start again as soon as it is known what is known of them. */
  readonly #returning = new Set<RunRecord>();
  /** Runs that may be why threads end: they are under way one at a time, so that the next such end is known for theirs. */
  readonly #suspects: RunRecord[] = [];
  #suspect: RunRecord | undefined;
  readonly #control: number;
  #liveCount = 0;
  /** Runs whose end is decided and not durable yet. */
  #endingCount = 0;
  readonly #polling = new PollPolicy();
  /** Runs published since the last ring. */
  #unrung = 0;
  #isPolling = false;
  #isStopped = false;

  constructor(parts: DispatchParts) {
    const { plan, queue } = parts.regions;
    this.#parts = parts;
    this.#control = plan.control;
    this.#batches = new Array<number>(plan.workers).fill(0);
    this.#producer = queue.claimProducer(plan.control);
    this.#writer = new TicketWriter(queue.ints);
    for (let worker = 0; worker < plan.workers; worker++) this.#results.push(new ResultReader(this.#ringOf(worker).claimConsumer()));
    this.#live = new Array<RunRecord | undefined>(plan.runSlots).fill(undefined);
    this.#freeSlots = new SlotQueue(plan.runSlots);
    this.#retirement = new Retirement(parts.regions, parts.bells, (slot) => {
      this.#pasts.delete(slot); // freed with everything else of the slot
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
    return this.#liveCount + this.#suspects.length + this.#returning.size;
  }

  /** Runs that have ended, which nobody is told before it is durable. */
  get endingCount(): number {
    return this.#endingCount;
  }

  /** Number of the first batch of a new thread of this worker. */
  nextBatch(worker: number): number {
    return ((this.#batches[worker] as number) + 1) | 0;
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

  /** Takes in everything that workers have sent so far. What is recorded is left where it is while no more can be taken in. */
  drain(): boolean {
    let hasReceived = false;
    for (let worker = 0; worker < this.#results.length; worker++) {
      while (!this.#parts.recorder.isFull && this.#takeIn(worker)) hasReceived = true;
    }
    return hasReceived;
  }

  /**
   * A worker's thread has ended: takes in what it has sent, as far as it can be read, and whether there is room for it or not: a ring is
   * not large, and what is left in it is lost. The ring is empty then, for its successor.
   */
  ended(worker: number): void {
    this.drain();
    while (this.#takeIn(worker));
    const ring = this.#ringOf(worker);
    ring.repair("consumer");
    this.#results[worker] = new ResultReader(ring.claimConsumer());
  }

  /** Ends a run that has not ended, wherever it is. */
  cancel(record: RunRecord, status: "failed" | "cancelled", error: Error): void {
    if (record.isEnded || record.isEnding) return;
    if (record.slot >= 0) this.#takeAway(record.slot);
    else if (this.#returning.delete(record)) record.facts = undefined;
    else if (this.#suspects.includes(record)) this.#suspects.splice(this.#suspects.indexOf(record), 1);
    else this.#parts.intake.remove(record);
    this.#end(record, status, error);
    this.wake();
  }

  /**
   * Starts a live run again, at whichever worker takes it, as `ended` has ended, and that had to do with it: from its input, but for what
   * is on record of its tasks.
   */
  restart(record: RunRecord, ended: number): void {
    this.#takeAway(record.slot, ended);
    const facts = this.#parts.recorder.factsOf(record);
    if (!(facts instanceof Promise)) {
      record.facts = facts;
      this.add(record);
      return;
    }
    this.#returning.add(record);
    facts.then(
      (known) => {
        if (!this.#returning.delete(record) || this.#isStopped) return; // it has ended meanwhile
        record.facts = known;
        this.add(record);
        this.wake();
      },
      (error: unknown) => this.cancel(record, "failed", error as Error), // what reading a journal throws
    );
  }

  /** A run that was under way before waits for a worker: before all others, and one at a time where it may be why threads end. */
  add(record: RunRecord): void {
    if (record.isSuspect) this.#suspects.push(record);
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

  /**
   * Every run that has not ended, given up: those at workers and in the ready queue, which start nothing more, and in the intake. Here only:
   * it is not recorded, so that another engine can go on with them.
   */
  giveUp(status: "failed" | "cancelled", errorFor: (record: RunRecord) => Error): void {
    this.#isStopped = true;
    const live = this.#live.flatMap((record) => record ?? []);
    const given = [...this.#suspects, ...this.#returning, ...live.map(({ slot }) => this.#takeAway(slot))];
    const now = nowMs();
    for (let record = this.#parts.intake.take(now); record !== undefined; record = this.#parts.intake.take(now)) given.push(record);
    this.#suspects.length = 0;
    this.#returning.clear();
    for (const record of given) this.#settle(record, status, errorFor(record));
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

  /** Takes in the next frame of a worker; false when there is none. */
  #takeIn(worker: number): boolean {
    const result = this.#next(worker);
    if (result === undefined) return false;
    if (result.isJournal) this.#recorded(worker, result);
    else if (result.isLetGo) this.#retirement.answered(worker, result.slot, result.epoch);
    else this.#runEnded(result);
    return true;
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
    const end = () => endOf(status, encodeTrusted(errorToData(error)), undefined, record.submittedAt);
    this.#record(record, end, () => this.#settle(record, status, error));
  }

  #settle(record: RunRecord, status: "completed" | "failed" | "cancelled", value: unknown, work?: RunWork): void {
    const now = nowMs();
    record.end(status, value, now, work);
    failpoint("run.final");
    this.#parts.onEnded(record, now);
  }

  /** Puts the end of a run on record. Nobody is told before that is durable. */
  #record(record: RunRecord, end: () => RunEnd, then: () => void): void {
    record.isEnding = true;
    this.#endingCount += 1;
    const settle = (told: () => void): void => {
      this.#endingCount -= 1;
      told();
    };
    this.#parts.recorder.ended(
      record,
      end,
      () => settle(then),
      (error) => settle(() => this.#settle(record, "failed", error)),
    );
  }

  #recorded(worker: number, result: ResultReader): void {
    const { batch } = result;
    const { slot, epoch } = journalBlob(worker, batch);
    this.#batches[worker] = batch;
    this.#parts.recorder.recorded(worker, batch, result.events() ?? this.#bodyByPort(slot, epoch));
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
    if (this.#pasts.has(slot) && !this.#parts.regions.runs.hasUsers(slot)) this.#freePast(slot); // else when the slot is used again
    const byPort = result.isByPort ? this.#bodyByPort(slot, epoch) : undefined;
    const { isOk, value } = this.#bodyOf(result, byPort);
    // Guests may be at work for a run that has failed; one that has completed has nothing left to do.
    if (!isOk) this.#retirement.giveUpGuests(slot, epoch, this.#parts.regions.runs.home(slot));
    const status = isOk ? "completed" : "failed";
    if (isOk) this.#parts.intake.completed(record, result.workUs.reduce((sum, us) => sum + us, 0) / 1e3);
    if (!this.#parts.recorder.isDurable) {
      record.isEnding = true;
      this.#parts.recorder.ended(record, neverAsked, nothing, nothing);
      this.#settle(record, status, value, result);
      return;
    }
    const { startedAt, endedAt, tasks, workUs, bodyBytes } = result;
    const work: RunWork = { startedAt, endedAt, tasks, workUs, bodyBytes };
    const end = () => endOf(status, byPort ?? result.bodyCopy(), work, record.submittedAt);
    this.#record(record, end, () => this.#settle(record, status, value, work));
  }

  #freePast(slot: number): void {
    const handle = this.#pasts.get(slot);
    if (handle === undefined) return;
    this.#pasts.delete(slot);
    this.#parts.payloads.free(handle);
  }

  #bodyOf(result: ResultReader, byPort: Uint8Array | undefined): { isOk: boolean; value: unknown } {
    try {
      const decoded = byPort === undefined ? result.body() : decodeValue(byPort);
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
      if (record.isSuspect) this.#suspects.unshift(record);
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

  /** Handles of the run's input and past in our arena, 0 for what the ticket holds or what there is none of; undefined: no room. */
  #blocksOf(record: RunRecord, slot: number): { input: number; past: number } | undefined {
    const { payloads } = this.#parts;
    const isInline = record.input.length <= inlineBytes(record.ownId);
    const input = isInline ? NOTHING : payloads.keep(record.input, slot);
    if (!isInline && input === NOTHING) return undefined;
    if (record.charges === undefined && (record.facts ?? []).length === 0) return { input, past: NOTHING };
    const past = payloads.keep(encodeTrusted(pastOf(record)), slot);
    if (past !== NOTHING) return { input, past };
    if (!isInline) payloads.free(input);
    return undefined;
  }

  /** Whether anything that takes room now will be freed without our doing. */
  #mayGetRoom(): boolean {
    return this.#liveCount > 0 || this.#retirement.size > 0;
  }

  /** While no run is anywhere, all that takes room in our arena are pasts of runs that have ended: they are freed now, not later. */
  #blocksInCleared(record: RunRecord, slot: number): { input: number; past: number } | undefined {
    if (this.#mayGetRoom()) return undefined;
    for (const ended of this.#pasts.keys()) if (!this.#parts.regions.runs.hasUsers(ended)) this.#freePast(ended);
    return this.#blocksOf(record, slot);
  }

  #publish(record: RunRecord, slot: number, cell: number, { input, past }: { input: number; past: number }): void {
    const { regions } = this.#parts;
    this.#freeSlots.shift();
    this.#freePast(slot);
    if (past !== NOTHING) this.#pasts.set(slot, past);
    record.facts = undefined;
    record.slot = slot;
    record.epoch = regions.runs.open(slot, record.workflowId);
    record.fence += 1;
    this.#live[slot] = record;
    this.#liveCount += 1;
    const ticket = ticketOf(record, past === NOTHING ? 0 : offsetOf(past));
    this.#writer.start(regions.queue.wordOf(cell), ticket, record.workflowId, record.input, input === NOTHING ? 0 : offsetOf(input));
    assert(this.#producer.publish(cell), "the ready queue holds more tickets than there are cells");
    this.#ringSoon();
  }
}

function neverFits({ id, input }: RunRecord, arenaBytes: number): DataFlowerError {
  const found = `its input must fit, with what is known of its tasks, into limits.arenaBytesMax of ${arenaBytes} bytes`;
  return new DataFlowerError("DF_RESULT_TOO_LARGE", `Cannot start run ${id} as ${found}: found ${input.length} bytes`, { runId: id });
}

/** What is known of the tasks of a run, by what is on record and by what has become of its threads since. */
function pastOf({ facts = [], charges = [] }: RunRecord): TaskFact[] {
  if (charges.length === 0) return [...facts];
  const charged = new TaskFacts();
  for (const fact of facts) charged.know(fact);
  for (const charge of charges) charged.charge(charge);
  return charged.list((ms) => ms);
}

function endOf(status: RunEnd["status"], body: Uint8Array, work: RunWork | undefined, submittedAt: number): RunEnd {
  const { tasks = [], workUs = [], startedAt = submittedAt, endedAt = startedAt } = work ?? {};
  return { status, body, tasks, workUs, makespanMs: Math.max(0, endedAt - startedAt), waitMs: Math.max(0, startedAt - submittedAt) };
}

const nothing = (): void => {};

function neverAsked(): never {
  assert(false, "a recorder that keeps nothing asks for no end");
}

function ticketOf(record: RunRecord, pastBlock: number): TicketRun {
  const { slot, epoch, order, rank, priority, submittedAt, deadline, ownId, fence } = record;
  return { slot, epoch, order, rank, priority, submittedAt, deadline, ownId, fence, pastBlock };
}
