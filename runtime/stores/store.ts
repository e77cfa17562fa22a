/**
 * Where engines record what must outlive their processes. A store holds journals, one an engine; a journal is a log of records, one a group
 * commit, and an index of runs. What the records and the entries hold is not the store's business.
 */

/** What a commit survives; see the README. Each level is refused at the start by a store that cannot keep it. */
export type Durability = "process" | "disk" | "replicated";

/** What an engine writes at once: all of it or nothing. */
export interface Commit {
  /**
   * Where the record goes: one more than that of the commit before, and 1 in a new journal. A commit that is sent again, as its answer was
   * lost, is known by it and does nothing. Any other position is a mistake of the engine's (DF_INTERNAL), and nothing is written.
   */
  readonly position: number;
  readonly record: Uint8Array;
  /** Entries of the index of runs that are written or deleted, in this order where a run is there twice. */
  readonly runs: readonly RunWrite[];
  /** Records before this position, which is at most that of the commit itself, are not needed any more. @defaultValue all are */
  readonly cutBefore?: number | undefined;
}

export interface RunWrite {
  /** 1 to 128 characters of `A-Z a-z 0-9 . _ -`; checked where ids come in, so another one here is DF_INTERNAL. */
  readonly id: string;
  /** What is to be known of the run; undefined: the run is forgotten, with its end. */
  readonly entry: Uint8Array | undefined;
  /** How it ended, kept apart as it may be large; undefined: as it was. */
  readonly end?: Uint8Array | undefined;
}

export interface StoredRecord {
  readonly position: number;
  readonly record: Uint8Array;
}

export interface StoredRun {
  readonly id: string;
  readonly entry: Uint8Array;
}

/**
 * A journal as everybody may read it, its owner or not. Bytes that are given out belong to the caller; of an id that no run can have nothing
 * is known.
 */
export interface JournalView {
  readonly name: string;
  /** The entry of a run. */
  run(id: string): Promise<Uint8Array | undefined>;
  /** How a run ended. */
  end(id: string): Promise<Uint8Array | undefined>;
  /** Entries in the order of their ids, of those behind `after`. */
  runs(after: string | undefined, limit: number): Promise<readonly StoredRun[]>;
}

/** A journal as its one owner has it. */
export interface Journal extends JournalView {
  /** Grows with every owner. */
  readonly fence: number;
  /** Whether the owner before this one, if any, gave the journal back by itself. */
  readonly wasClosed: boolean;
  /**
   * Position of the oldest record that has not been cut, and of the next one to be written: as they were when the journal was opened. Both
   * are 1 in a new journal.
   */
  readonly first: number;
  readonly next: number;
  /**
   * Resolves when the commit is as durable as was asked for. One at a time: the next one is given when this one has settled. While the
   * store cannot be reached the commit is tried again, for as long as `unavailableMsMax` allows.
   *
   * @throws DF_FENCED when the journal has another owner by now, DF_STORE_UNAVAILABLE, DF_STORE_FULL, DF_STORE_POISONED,
   *   DF_STORE_ROLLED_BACK when the store has lost what it had acknowledged. After any of them the journal takes no other commit.
   */
  commit(commit: Commit): Promise<void>;
  /**
   * Records from a position on, in their order, up to the last one that was there when reading began.
   *
   * @throws DF_CHECKPOINT_LOST when one of them is missing, cut ones too
   */
  records(from: number): AsyncIterable<StoredRecord>;
  /** Gives the journal back; what it is asked for after that is DF_INTERNAL. Closing it again does nothing. */
  close(): Promise<void>;
}

/** A connection to a store. */
export interface Store {
  /** The URL as it may be shown: without credentials. */
  readonly shownUrl: string;
  /**
   * Makes this process the owner of a journal, which is made when there is none of that name. An owner that has died, or whose lease has
   * ended, is replaced: what it sends from then on is refused.
   *
   * @param name 1 to 128 characters of `A-Z a-z 0-9 . _ -`
   * @throws DF_OPTION_INVALID for another name, DF_STORE_BUSY when the owner lives, DF_CHECKPOINT_VERSION when it was written by a newer version,
   *   DF_CHECKPOINT_CORRUPT or DF_CHECKPOINT_LOST when what the store knows of it is damaged or missing
   */
  open(name: string): Promise<Journal>;
  /** A journal to read from; undefined when there is none of that name. */
  view(name: string): Promise<JournalView | undefined>;
  /** Names of all journals in their order, and whether somebody owns them, as far as can be seen. */
  journals(): Promise<readonly { readonly name: string; readonly isOwned: boolean }[]>;
  /** Gives back the journals that are still open and ends the connection. Closing it again does nothing. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly durability: Durability;
  /** For how long a store that cannot be reached is waited for, in ms. */
  readonly unavailableMsMax: number;
  /** Replicas that must have a commit at the level `replicated`. */
  readonly replicas: number;
}

/**
 * Connects to the store that a URL names.
 *
 * @throws DF_STORE_UNSUPPORTED for what the driver does not know, DF_DURABILITY_UNSUPPORTED when the store cannot keep the level,
 *   DF_STORE_UNAVAILABLE, DF_STORE_REFUSED when it lets nobody in
 */
export type Connect = (url: string, options: StoreOptions) => Promise<Store>;
