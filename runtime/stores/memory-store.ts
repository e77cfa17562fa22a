/**
 * A store in the heap: nothing outlives the process. For tests, and for an engine that records only what another of its own parts must
 * know, such as start marks of tasks that must not run twice.
 */
import { assert } from "../../actors/kernel/assert.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { assertCommit } from "./assert-commit.js";
import { requireJournalName } from "./names.js";
import type { Commit, Journal, JournalView, Store, StoredRecord, StoredRun } from "./store.js";

/** What a journal holds, with or without an owner. */
interface Contents {
  fence: number;
  isOwned: boolean;
  first: number;
  next: number;
  readonly records: Map<number, Uint8Array>;
  readonly runs: Map<string, { readonly entry: Uint8Array; readonly end: Uint8Array | undefined }>;
}

/** Keeps its journals for as long as the object lives; one that was closed can be opened again. */
export class MemoryStore implements Store {
  readonly shownUrl = "memory:";
  readonly #journals = new Map<string, Contents>();
  readonly #open = new Set<MemoryJournal>();

  async open(name: string): Promise<Journal> {
    requireJournalName(name);
    const contents = this.#journals.get(name) ?? { fence: 0, isOwned: false, first: 1, next: 1, records: new Map(), runs: new Map() };
    if (contents.isOwned) {
      throw new DataFlowerError(
        "DF_STORE_BUSY",
        `Cannot open the journal ${name} of memory: as a journal has one owner: found another engine`,
      );
    }
    this.#journals.set(name, contents);
    const journal = new MemoryJournal(name, contents, () => this.#open.delete(journal));
    this.#open.add(journal);
    return journal;
  }

  async view(name: string): Promise<JournalView | undefined> {
    const contents = this.#journals.get(name);
    return contents && new MemoryView(name, contents);
  }

  async journals(): Promise<readonly { readonly name: string; readonly isOwned: boolean }[]> {
    const names = [...this.#journals.keys()].sort();
    return names.map((name) => ({ name, isOwned: this.#journals.get(name)?.isOwned === true }));
  }

  async close(): Promise<void> {
    for (const journal of [...this.#open]) await journal.close();
  }
}

class MemoryView implements JournalView {
  readonly name: string;
  protected readonly contents: Contents;

  constructor(name: string, contents: Contents) {
    this.name = name;
    this.contents = contents;
  }

  async run(id: string): Promise<Uint8Array | undefined> {
    return copyOf(this.contents.runs.get(id)?.entry);
  }

  async end(id: string): Promise<Uint8Array | undefined> {
    return copyOf(this.contents.runs.get(id)?.end);
  }

  async runs(after: string | undefined, limit: number): Promise<readonly StoredRun[]> {
    const behind = [...this.contents.runs].filter(([id]) => after === undefined || id > after).sort(([a], [b]) => (a < b ? -1 : 1));
    return behind.slice(0, limit).map(([id, { entry }]) => ({ id, entry: entry.slice() }));
  }
}

class MemoryJournal extends MemoryView implements Journal {
  readonly fence: number;
  readonly wasClosed = true; // an owner in this heap that died took the heap with it
  readonly first: number;
  readonly next: number;
  readonly #whenClosed: () => void;
  #isClosed = false;

  constructor(name: string, contents: Contents, whenClosed: () => void) {
    super(name, contents);
    contents.isOwned = true;
    contents.fence += 1;
    this.fence = contents.fence;
    this.first = contents.first;
    this.next = contents.next;
    this.#whenClosed = whenClosed;
  }

  async commit(commit: Commit): Promise<void> {
    const { contents } = this;
    assert(!this.#isClosed, "a journal that was given back takes no commit");
    if (assertCommit(commit, contents.next) === "written") return;
    const { position, record, runs, cutBefore = 0 } = commit;
    contents.records.set(position, record.slice());
    contents.next = position + 1;
    for (; contents.first < cutBefore; contents.first++) contents.records.delete(contents.first);
    for (const { id, entry, end } of runs) {
      if (entry === undefined) contents.runs.delete(id);
      else contents.runs.set(id, { entry: entry.slice(), end: end === undefined ? contents.runs.get(id)?.end : end.slice() });
    }
  }

  async *records(from: number): AsyncGenerator<StoredRecord> {
    assert(!this.#isClosed, "a journal that was given back is not read");
    const { next } = this.contents;
    for (let position = from; position < next; position++) {
      const record = this.contents.records.get(position);
      if (record === undefined) {
        throw new DataFlowerError("DF_CHECKPOINT_LOST", `Cannot read record ${position} of the journal ${this.name} as it is not there`);
      }
      yield { position, record: record.slice() };
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.contents.isOwned = false;
    this.#whenClosed();
  }
}

const copyOf = (bytes: Uint8Array | undefined): Uint8Array | undefined => bytes?.slice();
