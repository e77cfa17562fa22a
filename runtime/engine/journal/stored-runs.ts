import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { dataToError, errorToData } from "../../codec/error-codec.js";
import { decodeValue, encodeTrusted } from "../../codec/value-codec.js";
import { wallNowMs } from "../../observe/system-clock.js";
import { connectStore } from "../../stores/connect-store.js";
import type { JournalView, Store } from "../../stores/store.js";
import type { ResolvedStore } from "../options.js";
import { cancelled } from "../run.js";
import { JournalRecorder } from "./journal-recorder.js";
import { decodeAcceptance, decodeEnd, decodeEntry, entriesOf, isDamaged, type RunEnd, type RunEntry } from "./stored-run.js";

export interface StoredRun extends RunEntry {
  readonly id: string;
}

/** A run of which the store holds damaged bytes. */
export interface DamagedRun {
  readonly id: string;
  readonly status: "damaged";
}

/** How a stored run ended. */
export interface StoredEnd extends Omit<RunEnd, "body" | "acceptance"> {
  /** Of a run that completed. */
  readonly output: unknown;
  /** Of any other. */
  readonly error: unknown;
}

/** Runs of a journal as anybody may read them, whoever owns it. */
export class StoredRuns implements AsyncDisposable {
  readonly #store: Store;
  readonly #view: JournalView | undefined;

  private constructor(store: Store, view: JournalView | undefined) {
    this.#store = store;
    this.#view = view;
  }

  /** @throws what connecting to the store raises */
  static async open({ url, options, journal }: ResolvedStore): Promise<StoredRuns> {
    const store = await connectStore(url, options);
    try {
      return new StoredRuns(store, await store.view(journal));
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** All of them, in the order of their ids. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StoredRun | DamagedRun> {
    if (this.#view === undefined) return;
    for await (const { id, entry } of entriesOf(this.#view)) yield entry === undefined ? { id, status: "damaged" } : { id, ...entry };
  }

  /** @throws DF_OPTION_INVALID when there is none of that id, DF_CHECKPOINT_CORRUPT */
  async get(id: string): Promise<StoredRun> {
    const entry = await this.#view?.run(id);
    return entry === undefined ? refuseId(id, "name a run of the journal") : { id, ...decodeEntry(id, entry) };
  }

  /** Undefined: it has not ended. @throws DF_OPTION_INVALID, DF_CHECKPOINT_CORRUPT */
  async end(id: string): Promise<StoredEnd | undefined> {
    const { status } = await this.get(id);
    const bytes = status === "accepted" ? undefined : await this.#view?.end(id);
    if (bytes === undefined) return undefined;
    const { body, acceptance: _, ...end } = decodeEnd(id, bytes);
    const value = decodeValue(body);
    const isCompleted = end.status === "completed";
    return { ...end, output: isCompleted ? value : undefined, error: isCompleted ? undefined : dataToError(value as never) }; // an engine wrote it
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }

  close(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }
}

/**
 * Changes runs of a journal that no engine owns, as its owner.
 *
 * @throws DF_STORE_BUSY while an engine owns it, and what the store raises
 */
export async function changeRuns<T>(
  { url, options, journal, retention }: ResolvedStore,
  change: (runs: RunChanges) => Promise<T>,
): Promise<T> {
  const store = await connectStore(url, options);
  let recorder: JournalRecorder | undefined;
  try {
    recorder = new JournalRecorder(store, await store.open(journal), { ...retention, crashAttemptsMax: Number.POSITIVE_INFINITY });
    recorder.events = { liveRun: () => undefined, onDurable: nothing, onRoom: nothing, onFailed: nothing };
    const changed = await change(await RunChanges.of(recorder));
    await recorder.durable(); // what was learnt when it was read, too
    return changed;
  } finally {
    await (recorder ?? store).close();
  }
}

/** What can be done to runs while they are not under way. Each change is durable when its promise resolves. */
export class RunChanges {
  readonly #recorder: JournalRecorder;
  /** Numbers of unfinished runs, by id. */
  readonly #unfinished: Map<string, number>;

  private constructor(recorder: JournalRecorder, unfinished: Map<string, number>) {
    this.#recorder = recorder;
    this.#unfinished = unfinished;
  }

  static async of(recorder: JournalRecorder): Promise<RunChanges> {
    const runs = await recorder.recover();
    return new RunChanges(recorder, new Map(runs.map(({ number, acceptance }) => [acceptance.id, number])));
  }

  /** Ends a run that has not ended. @throws DF_OPTION_INVALID when there is none, or it has ended */
  async cancel(id: string): Promise<void> {
    await this.#find(id);
    const number = this.#unfinished.get(id);
    if (number === undefined) return refuseId(id, "name a run that has not ended");
    const body = encodeTrusted(errorToData(cancelled(id, "its cancelling was asked for on the command line")));
    await this.#recorder.cancel(number, { status: "cancelled", body, tasks: [], workUs: [], makespanMs: 0, waitMs: 0 });
    this.#unfinished.delete(id);
  }

  /** Makes a run that failed or was cancelled an unfinished one, from its beginning. @throws DF_OPTION_INVALID when there is none */
  async retry(id: string): Promise<void> {
    const end = (await this.#find(id)).end;
    if (end?.acceptance === undefined) return refuseId(id, "name a run that failed or was cancelled");
    const before = decodeAcceptance(end.acceptance);
    const submittedAt = wallNowMs();
    const later = submittedAt - before.submittedAt;
    const number = await this.#recorder.repeat({
      ...before,
      submittedAt,
      deadline: before.deadline + later,
      timeoutAt: before.timeoutAt + later,
    });
    this.#unfinished.set(id, number);
  }

  /** Forgets a run that has ended, or that nobody can go on with as it is damaged. @throws DF_OPTION_INVALID when there is none, or it has not ended */
  async delete(id: string): Promise<void> {
    if (this.#unfinished.has(id)) return refuseId(id, "name a run that has ended; cancel it first");
    try {
      await this.#find(id);
    } catch (error) {
      if (!isDamaged(error)) throw error;
    }
    await this.#recorder.forget(id);
  }

  async #find(id: string) {
    return (await this.#recorder.find(id)) ?? refuseId(id, "name a run of the journal");
  }
}

const nothing = (): void => {};

function refuseId(id: string, rule: string): never {
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot use this id of a run as it must ${rule}: found ${id.slice(0, 200)}`);
}
