import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { encodeRecord } from "../../codec/journal-record.js";
import { failpoint } from "../../faults/failpoint.js";
import type { Journal, RunWrite } from "../../stores/store.js";

/** Events of one commit, in bytes: what comes beyond it goes into the next one. */
const commitBytesMax = 4 * 1024 * 1024;

interface Waiter {
  readonly then: () => void;
  readonly failed: (error: unknown) => void;
}

/** What goes into one commit. */
interface Group {
  readonly parts: Uint8Array[];
  readonly runs: RunWrite[];
  readonly waiters: Waiter[];
  bytes: number;
  cutBefore: number | undefined;
}

export interface GroupCommitParts {
  readonly journal: Journal;
  /** Number that the next accepted run gets. */
  readonly nextRun: () => number;
  /** A commit is durable, and everybody who waited for it knows. */
  readonly onDurable: () => void;
  /** Nothing more can be committed. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Commits what is to be recorded, one commit at a time: whatever comes while one is under way goes together into the next one, so the
 * price of a flush is shared by all who wait for it.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts;
  readonly #groups: Group[] = [];
  #position: number;
  /** Is being committed, or told of. */
  #current: Group | undefined;
  /** What is not committed yet will be. */
  #isScheduled = false;
  #failure: { readonly error: unknown } | undefined;
  /** Bytes of events that are not durable yet. */
  pendingBytes = 0;
  /** Bytes of events written since this engine owns the journal. */
  writtenBytes = 0;

  constructor(parts: GroupCommitParts) {
    this.#parts = parts;
    this.#position = parts.journal.next;
  }

  /** Position of the next commit. */
  get position(): number {
    return this.#position;
  }

  /** Nothing is kept once a commit has failed. @param events which nobody changes any more */
  add(events: Uint8Array): void {
    if (this.#failure !== undefined) return;
    const group = this.#group();
    group.parts.push(events);
    group.bytes += events.length;
    this.pendingBytes += events.length;
  }

  writeRun(write: RunWrite): void {
    if (this.#failure === undefined) this.#group().runs.push(write);
  }

  /** Lets records before a position go, together with what is added now. */
  cutBefore(position: number): void {
    if (this.#failure === undefined) this.#group().cutBefore = position;
  }

  /**
   * Calls `then` when all that was added until now is durable, `failed` when it cannot become so: at once where that is known, and
   * those who wait in the order in which they came. Adds nothing to what is committed.
   */
  whenDurable(then: () => void, failed: (error: unknown) => void = () => {}): void {
    const last = this.#groups.at(-1) ?? this.#current;
    if (this.#failure !== undefined) failed(this.#failure.error);
    else if (last === undefined) then();
    else last.waiters.push({ then, failed });
  }

  /** Resolves when all that was added until now is durable. */
  durable(): Promise<void> {
    return new Promise((resolve, reject) => this.whenDurable(resolve, reject));
  }

  #group(): Group {
    const last = this.#groups.at(-1);
    if (last !== undefined && last.bytes < commitBytesMax) return last;
    const group: Group = { parts: [], runs: [], waiters: [], bytes: 0, cutBefore: undefined };
    this.#groups.push(group);
    this.#schedule();
    return group;
  }

  /** At the end of what is going on now, so that all that it adds goes together. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => void this.#commitAll());
  }

  async #commitAll(): Promise<void> {
    for (let group = this.#groups.shift(); group !== undefined; group = this.#groups.shift()) {
      this.#current = group;
      try {
        await this.#commit(group);
      } catch (error) {
        this.#fail(group, error);
        return;
      }
      for (const { then } of group.waiters) then(); // those who come meanwhile, too
      this.#current = undefined;
      this.#parts.onDurable();
      failpoint("ckpt.acked");
    }
    this.#isScheduled = false;
  }

  async #commit({ parts, runs, bytes, cutBefore }: Group): Promise<void> {
    const record = encodeRecord(this.#position, this.#parts.nextRun(), parts);
    failpoint("ckpt.before");
    await this.#parts.journal.commit({ position: this.#position, record, runs, cutBefore });
    failpoint("ckpt.written");
    this.#position += 1;
    this.pendingBytes -= bytes;
    this.writtenBytes += bytes;
  }

  #fail(group: Group, thrown: unknown): void {
    const error = thrown instanceof DataFlowerError ? thrown : poisoned(thrown);
    this.#failure = { error };
    const waiters = [group, ...this.#groups].flatMap((one) => one.waiters);
    this.#groups.length = 0;
    this.#parts.onFailed(error);
    for (const { failed } of waiters) failed(error);
  }
}

function poisoned(cause: unknown): DataFlowerError {
  return new DataFlowerError("DF_STORE_POISONED", "Cannot go on as a commit must end: it failed, and what of it is durable is not known", {
    cause,
  });
}
