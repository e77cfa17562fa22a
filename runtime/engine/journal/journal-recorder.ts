import type { Charge, TaskFact } from "../../../actors/workflow/run-past.js";
import {
  ACCEPTED,
  CHARGED,
  DEFINED,
  DIED,
  EventReader,
  EventWriter,
  type JournalEvent,
  LEARNED,
  RUN_ENDED,
  VOID,
} from "../../codec/journal-event.js";
import { decodeRecord } from "../../codec/journal-record.js";
import { decodeValue, encodeTrusted } from "../../codec/value-codec.js";
import { failpoint } from "../../faults/failpoint.js";
import { engineMs, wallNowMs } from "../../observe/system-clock.js";
import type { Journal, Store } from "../../stores/store.js";
import type { RunRecord } from "../run.js";
import type { Definition } from "./definition.js";
import { GroupCommit } from "./group-commit.js";
import type { Learned } from "./learned.js";
import type { Recorder, RecorderEvents } from "./recorder.js";
import { Retention, type RetentionLimits } from "./retention.js";
import {
  type Acceptance,
  decodeAcceptance,
  decodeEnd,
  decodeEntry,
  encodeAcceptance,
  encodeEnd,
  encodeEntry,
  inputHashOf,
  type RunEnd,
  type RunEntry,
} from "./stored-run.js";
import { TaskFacts } from "./task-facts.js";

/** Bytes of events that may wait to be durable: beyond it workers wait. */
const pendingBytesMax = 64 * 1024 * 1024;
/** Bytes of events after which what is still needed of the log is written anew and the rest is cut. */
const checkpointBytesMin = 64 * 1024 * 1024;
/** Events of a checkpoint that are committed together, in bytes. */
const checkpointPartBytes = 1024 * 1024;
/** Homes that one engine can give a run: fences of the next engine are above those of this one. */
const fencesPerOwner = 1024;
/** Encoded. What policies have learnt beyond it is not kept. */
const learnedBytesMax = 4 * 1024 * 1024;

export interface JournalLimits extends RetentionLimits {
  /** Deaths of the process after which a task that was in progress is given up. */
  readonly crashAttemptsMax: number;
}

/** A run that had not ended when its engine did. */
export interface UnfinishedRun {
  readonly number: number;
  readonly acceptance: Acceptance;
  readonly facts: TaskFacts;
}

/** A run that the store knows. */
export interface KnownRun {
  readonly entry: RunEntry;
  readonly end: RunEnd | undefined;
}

/** What is held of a run for as long as it has not ended. */
interface Live {
  /** Undefined: nobody has claimed it yet. */
  record: RunRecord | undefined;
  readonly acceptance: Acceptance;
  inputHash: string | undefined;
}

/** Runs whose facts are asked for together: the log is read once for all of them. */
interface Asking {
  readonly byRun: Map<number, TaskFacts>;
  readonly isRead: Promise<void>;
}

/** Keeps what has happened to runs in a journal of a store: see journal-record.ts and journal-event.ts for how it looks. */
export class JournalRecorder implements Recorder {
  events!: RecorderEvents;
  readonly isDurable = true as const;
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #limits: JournalLimits;
  readonly #group: GroupCommit;
  readonly #retention: Retention;
  /** By number: runs that have not ended. */
  readonly #live = new Map<number, Live>();
  readonly #definitions = new Map<string, Definition>();
  readonly #writer = new EventWriter();
  /** Encoded, as it was recorded last. */
  #learned: Uint8Array | undefined;
  #first: number;
  #nextRun = 1;
  #asking: Asking | undefined;
  #isCheckpointing = false;
  #checkpointAt = checkpointBytesMin;
  /** Reads of the log and checkpoints, one after the other: what is being read is not cut. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(store: Store, journal: Journal, limits: JournalLimits) {
    this.#store = store;
    this.#journal = journal;
    this.#limits = limits;
    this.#first = journal.first;
    this.#retention = new Retention(limits);
    this.#group = new GroupCommit({
      journal,
      nextRun: () => this.#nextRun,
      onDurable: () => this.#onDurable(),
      onFailed: (error) => this.events.onFailed(error),
    });
  }

  get isFull(): boolean {
    return this.#group.pendingBytes > pendingBytesMax;
  }

  /** Fence of a run before its first home under this engine. */
  get fenceBase(): number {
    return (this.#journal.fence - 1) * fencesPerOwner;
  }

  /** The number of the next accepted run. */
  takeNumber(): number {
    return this.#nextRun++;
  }

  /** Reads the journal: what has not ended is to be gone on with. Once, before anything is recorded. */
  async recover(): Promise<UnfinishedRun[]> {
    const unfinished = new Map<number, { acceptance: Acceptance | undefined; facts: TaskFacts }>();
    const ended = new Set<number>();
    await this.#read((event) => {
      const { kind, run } = event;
      if (kind === DEFINED) {
        const definition = decodeValue(event.body) as Definition; // encoded by #define()
        this.#definitions.set(definition.hash, definition);
      } else if (kind === LEARNED) {
        this.#learned = new Uint8Array(event.body);
      } else if (kind === RUN_ENDED) {
        ended.add(run);
        unfinished.delete(run);
      } else if (!ended.has(run)) {
        let known = unfinished.get(run);
        if (known === undefined) {
          known = { acceptance: undefined, facts: new TaskFacts(this.#limits.crashAttemptsMax) };
          unfinished.set(run, known);
        }
        if (kind === ACCEPTED) known.acceptance = decodeAcceptance(new Uint8Array(event.body));
        else known.facts.add(event);
      }
    });
    await this.#retention.load(this.#journal);
    if (unfinished.size > 0) failpoint("recovery.mid");
    const runs = [...unfinished].flatMap(([number, { acceptance, facts }]) =>
      acceptance === undefined ? [] : { number, acceptance, facts },
    );
    for (const { number, acceptance } of runs) this.#live.set(number, { record: undefined, acceptance, inputHash: undefined });
    if (!this.#journal.wasClosed) this.#countDeaths(runs);
    return runs;
  }

  /** A run that was recovered is gone on with. */
  claim(number: number, record: RunRecord): void {
    const live = this.#live.get(number);
    if (live !== undefined) live.record = record;
  }

  /** Ends a run that was recovered and that nobody goes on with; resolves when that is durable. */
  cancel(number: number, end: RunEnd): Promise<void> {
    return new Promise((resolve, reject) => this.ended({ order: number }, () => end, resolve, reject));
  }

  /** Forgets a run that has ended. */
  forget(id: string): Promise<void> {
    this.#retention.remove(id);
    this.#group.writeRun({ id, entry: undefined });
    return this.#group.durable();
  }

  /** Makes a run that has ended an unfinished one again, from its input. */
  repeat(acceptance: Acceptance): Promise<void> {
    const { id, workflow, submittedAt, input } = acceptance;
    const number = this.takeNumber();
    this.#retention.remove(id);
    this.#live.set(number, { record: undefined, acceptance, inputHash: undefined });
    this.#append(ACCEPTED, number, 0, encodeAcceptance(acceptance));
    this.#group.writeRun({ id, entry: encodeEntry(acceptedEntry(workflow, submittedAt, inputHashOf(input), input)) });
    return this.#group.durable();
  }

  /** Remembers how a workflow looks like, to tell later what has changed. */
  define(definition: Definition): void {
    if (this.#definitions.has(definition.hash)) return;
    this.#definitions.set(definition.hash, definition);
    this.#append(DEFINED, 0, 0, encodeTrusted(definition));
  }

  /** What policies had learnt when that was recorded last, by this engine or one before it. */
  get learned(): Learned | undefined {
    return this.#learned === undefined ? undefined : (decodeValue(this.#learned) as Learned); // encoded by keepLearned()
  }

  /** Records what policies have learnt; resolves when that is durable. */
  keepLearned(learned: Learned): Promise<void> {
    const bytes = encodeTrusted(learned);
    if (bytes.length > learnedBytesMax) return this.#group.durable();
    this.#learned = bytes;
    this.#append(LEARNED, 0, 0, bytes);
    return this.#group.durable();
  }

  definition(hash: string): Definition | undefined {
    return this.#definitions.get(hash);
  }

  /** What the store knows of a run. */
  async find(id: string): Promise<KnownRun | undefined> {
    const bytes = await this.#journal.run(id);
    if (bytes === undefined) return undefined;
    const entry = decodeEntry(id, bytes);
    if (entry.status === "accepted") return { entry, end: undefined };
    const end = await this.#journal.end(id);
    return { entry, end: end === undefined ? undefined : decodeEnd(id, end) };
  }

  /** Entries in the order of their ids, of those behind `after`. */
  async list(after: string | undefined, limit: number): Promise<(RunEntry & { readonly id: string })[]> {
    const found = await this.#journal.runs(after, limit);
    return found.map(({ id, entry }) => ({ id, ...decodeEntry(id, entry) }));
  }

  accept(record: RunRecord, describe: () => Acceptance): Promise<void> {
    const acceptance = describe();
    const inputHash = inputHashOf(acceptance.input);
    this.#live.set(record.order, { record, acceptance, inputHash });
    const { workflow, submittedAt, id, input } = acceptance;
    this.#append(ACCEPTED, record.order, 0, encodeAcceptance(acceptance));
    this.#group.writeRun({ id, entry: encodeEntry(acceptedEntry(workflow, submittedAt, inputHash, input)) });
    return new Promise((resolve, reject) => {
      this.#group.whenDurable(() => {
        failpoint("run.persisted");
        resolve();
      }, reject);
    });
  }

  recorded(worker: number, batch: number, events: Uint8Array): void {
    const reader = new EventReader(events);
    let isAnything = false;
    while (reader.next()) {
      const record = this.events.liveRun(reader.run, reader.fence);
      if (record === undefined || record.isEnding) reader.clear();
      else {
        reader.assign(record.order, record.fence);
        isAnything = true;
      }
    }
    if (isAnything) this.#group.add(events);
    this.#group.whenDurable(() => this.events.onDurable(worker, batch));
  }

  charged(record: RunRecord, charge: Charge): void {
    if (this.#live.has(record.order)) this.#append(CHARGED, record.order, charge.attempts, encodeTrusted(charge), charge.positions);
  }

  ended(record: Pick<RunRecord, "order">, describe: () => RunEnd, then: () => void, failed: (error: unknown) => void): void {
    const live = this.#live.get(record.order);
    if (live === undefined) {
      then();
      return;
    }
    this.#live.delete(record.order);
    const { acceptance } = live;
    const { id, workflow, submittedAt, input } = acceptance;
    const end = describe();
    const kept = end.status === "completed" ? end : { ...end, acceptance: encodeAcceptance(acceptance) };
    const bytes = encodeEnd(kept);
    const entry: RunEntry = {
      ...{ workflow, status: end.status, submittedAt, endedAt: wallNowMs() },
      ...{ inputHash: live.inputHash ?? inputHashOf(input), bytes: input.length + bytes.length },
    };
    this.#append(RUN_ENDED, record.order, 0, undefined);
    this.#group.writeRun({ id, entry: encodeEntry(entry), end: bytes });
    for (const forgotten of this.#retention.ended({ id, endedAt: entry.endedAt, bytes: entry.bytes })) {
      this.#group.writeRun({ id: forgotten, entry: undefined });
    }
    this.#group.whenDurable(then, failed);
  }

  async factsOf({ order }: RunRecord): Promise<readonly TaskFact[]> {
    const facts = new TaskFacts(this.#limits.crashAttemptsMax);
    this.#asking ??= this.#ask();
    const { byRun, isRead } = this.#asking;
    byRun.set(order, facts);
    await isRead;
    return facts.list(engineMs);
  }

  durable(): Promise<void> {
    return this.#group.durable();
  }

  async close(): Promise<void> {
    await this.#reading.catch(() => {}); // whoever reads is told
    await this.#journal.close();
    await this.#store.close();
  }

  #append(kind: number, run: number, attempt: number, body: Uint8Array | undefined, positions: readonly number[] = []): void {
    this.#writer.append(kind, run, 0, attempt, positions, wallNowMs(), body);
    this.#group.add(this.#writer.take());
  }

  #onDurable(): void {
    this.events.onRoom();
    if (this.#group.writtenBytes >= this.#checkpointAt && !this.#isCheckpointing) this.#checkpoint();
  }

  #countDeaths(runs: readonly UnfinishedRun[]): void {
    for (const { number, facts } of runs) {
      for (const { positions, deaths } of facts.died()) this.#append(DIED, number, deaths, undefined, positions);
    }
  }

  /** Begins to gather those whose facts are asked for in this turn, as the runs of a thread that has ended are. */
  #ask(): Asking {
    const byRun = new Map<number, TaskFacts>();
    const read = async (): Promise<void> => {
      await Promise.resolve();
      this.#asking = undefined; // what later ones have recorded may not be durable when this is read
      await this.#group.durable();
      await this.#read((event) => {
        if (event.kind !== ACCEPTED && event.kind !== RUN_ENDED) byRun.get(event.run)?.add(event);
      });
    };
    return { byRun, isRead: read() };
  }

  /** Reads the whole log. Not while another reads or cuts it. */
  #read(visit: (event: JournalEvent) => void): Promise<void> {
    const reading = this.#reading.then(() => this.#readNow(visit));
    this.#reading = reading.catch(() => {});
    return reading;
  }

  async #readNow(visit: (event: JournalEvent) => void): Promise<void> {
    for await (const { position, record } of this.#journal.records(this.#first)) {
      const { nextRun, events } = decodeRecord(record, position);
      this.#nextRun = Math.max(this.#nextRun, nextRun);
      const reader = new EventReader(events);
      while (reader.next()) if (reader.kind !== VOID) visit(reader);
    }
  }

  /** Writes what is still needed of the log at its end, and cuts what lies before that. What happens meanwhile is recorded as ever. */
  #checkpoint(): void {
    this.#isCheckpointing = true;
    const written = this.#group.writtenBytes;
    const before = this.#group.position;
    this.#reading = this.#reading
      .then(() => this.#rewrite(before))
      .then((keptBytes) => {
        this.#first = before;
        this.#checkpointAt = this.#group.writtenBytes + Math.max(checkpointBytesMin, 2 * keptBytes);
      })
      .catch(() => {
        this.#checkpointAt = written + 2 * checkpointBytesMin; // a store that fails says so at the next commit
      })
      .finally(() => {
        this.#isCheckpointing = false;
      });
  }

  async #rewrite(before: number): Promise<number> {
    const kept = new EventWriter();
    let keptBytes = 0;
    const flush = () => {
      keptBytes += kept.length;
      this.#group.add(kept.take());
      return this.#group.durable();
    };
    const needed = this.#forgetDefinitions();
    if (this.#learned !== undefined) kept.append(LEARNED, 0, 0, 0, [], wallNowMs(), this.#learned);
    for await (const { position, record } of this.#journal.records(this.#first)) {
      if (position >= before) break;
      const reader = new EventReader(decodeRecord(record, position).events);
      while (reader.next()) {
        if (reader.kind === DEFINED ? needed.has((decodeValue(reader.body) as Definition).hash) : this.#live.has(reader.run))
          kept.copy(reader);
      }
      if (kept.length >= checkpointPartBytes) await flush();
    }
    if (kept.length > 0) await flush();
    this.#group.cutBefore(before);
    await this.#group.durable();
    return keptBytes;
  }

  /** Of definitions that no run names any more. The next run that names one finds it unknown, and has it written behind what is cut. */
  #forgetDefinitions(): Set<string> {
    const inUse = new Set([...this.#live.values()].map(({ acceptance }) => acceptance.definition));
    for (const hash of this.#definitions.keys()) if (!inUse.has(hash)) this.#definitions.delete(hash);
    return inUse;
  }
}

function acceptedEntry(workflow: string, submittedAt: number, inputHash: string, { length }: Uint8Array): RunEntry {
  return { workflow, status: "accepted", submittedAt, endedAt: Number.NaN, inputHash, bytes: length };
}
