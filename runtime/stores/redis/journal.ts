/**
 * A journal as its owner has it: one script a commit, and a lease by the server's clock that is made longer by each commit and by a timer.
 *
 * The lease decides only when somebody else may become the owner. What the owner sends is judged by its fence and id, in the script that
 * writes: an owner that slept beyond its lease goes on when nobody has taken its place, and is refused when somebody has.
 */
import { assert } from "../../../actors/kernel/assert.js";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { failpoint } from "../../faults/failpoint.js";
import { afterUnheld } from "../../observe/system-clock.js";
import { assertCommit } from "../assert-commit.js";
import type { Commit, Journal, RunWrite, StoredRecord } from "../store.js";
import type { Client } from "./client.js";
import type { SizeLimits } from "./durability-check.js";
import { keysOf } from "./layout.js";
import type { RedisLink } from "./link.js";
import { readOwner, shownOwner } from "./owner.js";
import { commitScript, isUnknownScript, releaseScript, renewScript, runScript, type ScriptArgument } from "./scripts.js";
import { TooFewReplicas } from "./trouble.js";
import { lostError, ownBytes, RedisView } from "./view.js";

/** Records that are asked for at once. */
const chunkMax = 32;
/** What a value costs in a command beyond its own bytes. */
const valueOverheadBytes = 32;

export interface JournalParts {
  readonly link: RedisLink;
  readonly shownUrl: string;
  readonly name: string;
  readonly ownerId: string;
  readonly leaseMs: number;
  readonly renewMs: number;
  /** Replicas that must have a commit, and for how long each try waits for them, in ms; undefined: none. */
  readonly replicas: { readonly count: number; readonly waitMs: number } | undefined;
  /** What the server takes, as it was told last. */
  readonly sizeLimits: () => SizeLimits;
  /** Called when the journal has been closed. */
  readonly forget: () => void;
}

export interface Taken {
  readonly fence: number;
  readonly wasClosed: boolean;
  readonly first: number;
  readonly next: number;
}

export class RedisJournal extends RedisView implements Journal {
  readonly fence: number;
  readonly wasClosed: boolean;
  readonly first: number;
  readonly next: number;
  readonly #parts: JournalParts;
  readonly #keys: readonly string[];
  /** Position of the oldest record that this owner may still ask for, and of the next commit. */
  #first: number;
  #next: number;
  #isCommitting = false;
  #isClosed = false;
  #failure: DataFlowerError | undefined;
  #cancelRenewal: () => void = () => {};

  constructor(parts: JournalParts, { fence, wasClosed, first, next }: Taken) {
    super(parts.link, parts.shownUrl, parts.name);
    this.fence = fence;
    this.wasClosed = wasClosed;
    this.first = first;
    this.next = next;
    this.#parts = parts;
    this.#keys = keysOf(parts.name);
    this.#first = first;
    this.#next = next;
    this.#renewLater();
  }

  async *records(from: number): AsyncGenerator<StoredRecord> {
    assert(!this.#isClosed, "a journal that was given back is not read");
    const { link, shownUrl, name } = this.#parts;
    const end = this.#next;
    for (let position = from; position < end; position += chunkMax) {
      const positions = Array.from({ length: Math.min(chunkMax, end - position) }, (_, index) => position + index);
      const log = this.#keys[1] as string;
      const found = await link.run("read from", (client) => client.hmgetBuffer(log, ...positions.map(String)));
      for (const [index, record] of found.entries()) {
        const at = position + index;
        if (record === null || at < this.#first) throw lostError(name, shownUrl, `${log} at ${at}`); // cut ones may be there for a while
        yield { position: at, record: ownBytes(record) };
      }
    }
  }

  async commit(commit: Commit): Promise<void> {
    assert(!this.#isClosed, "a journal that was given back takes no commit");
    assert(!this.#isCommitting, "commits go one at a time");
    if (this.#failure !== undefined) throw this.#failure;
    // One that was written goes out as well: only the store knows whether the owner still is one.
    const isWritten = assertCommit(commit, this.#next) === "written";
    this.#isCommitting = true;
    try {
      await this.#write(commit);
    } catch (error) {
      this.#failure ??= error as DataFlowerError;
      throw error;
    } finally {
      this.#isCommitting = false;
    }
    if (isWritten) return;
    this.#next = commit.position + 1;
    this.#first = Math.max(this.#first, commit.cutBefore ?? 0);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelRenewal();
    // What a commit that has not been answered has done is not known: the next owner must not believe that all is in order.
    const isInOrder = this.#failure === undefined && !this.#isCommitting;
    const values = [this.fence, this.#parts.ownerId, isInOrder ? 1 : 0];
    // A store that does not answer is not waited for: the lease ends by itself. Twice, as the connection may have been lost unseen.
    for (let tries = 0; tries < 2; tries++) {
      const answer = await this.#parts.link.attempt((client) => runScript(client, releaseScript, this.#keys, values)).catch(() => []);
      if (answer !== undefined) break;
    }
    this.#parts.forget();
  }

  async #write(commit: Commit): Promise<void> {
    const { link, ownerId, leaseMs } = this.#parts;
    const { position, cutBefore = 0, record } = commit;
    const { forgotten, entries, ends } = outcomeOf(commit.runs);
    const head = [this.fence, ownerId, leaseMs, position, cutBefore, asBuffer(record), forgotten.size, entries.size];
    const values: ScriptArgument[] = [...head, ...forgotten, ...[...entries].flat(), ...[...ends].flat()];
    this.#requireRoom(values);
    const [verdict, found] = await link.run("write to", (client) => this.#send(client, values));
    this.#requireDone(String(verdict), found);
  }

  async #send(client: Client, values: readonly ScriptArgument[]): Promise<readonly (Buffer | number)[]> {
    const { replicas } = this.#parts;
    if (replicas === undefined) return runScript(client, commitScript, this.#keys, values);
    // WAIT speaks of what its own connection has written, so both go out together.
    const send = (command: string, script: string) =>
      client
        .pipeline()
        .callBuffer(command, [script, this.#keys.length, ...this.#keys, ...values])
        .wait(replicas.count, replicas.waitMs)
        .exec();
    let [written, waited] = (await send("evalsha", commitScript.sha)) ?? [];
    if (isUnknownScript(written?.[0])) [written, waited] = (await send("eval", commitScript.text)) ?? [];
    const error = written?.[0] ?? waited?.[0];
    if (error) throw error;
    const answer = written?.[1] as readonly (Buffer | number)[];
    const isWritten = ["done", "same"].includes(String(answer[0]));
    if (isWritten && Number(waited?.[1]) < replicas.count) throw new TooFewReplicas(Number(waited?.[1]), replicas.count);
    return answer;
  }

  #renewLater(): void {
    this.#cancelRenewal = afterUnheld(this.#parts.renewMs, () => {
      this.#renew().then(
        () => this.#isClosed || this.#failure !== undefined || this.#renewLater(),
        (error) => {
          this.#failure ??= error as DataFlowerError;
        },
      );
    });
  }

  /** One that fails for lack of a connection is made up for by the next one. */
  async #renew(): Promise<void> {
    const { link, ownerId, leaseMs } = this.#parts;
    failpoint("lease.renew");
    const values = [this.fence, ownerId, leaseMs, this.#next];
    const answer = await link.attempt((client) => runScript(client, renewScript, this.#keys, values));
    if (answer !== undefined && !this.#isClosed) this.#requireDone(String(answer[0]), answer[1]);
  }

  #requireDone(verdict: string, found: Buffer | number | undefined): void {
    const { name, shownUrl } = this.#parts;
    const journal = `journal ${name} in ${shownUrl}`;
    switch (verdict) {
      case "done":
      case "same":
        return;
      case "fenced":
        throw new DataFlowerError("DF_FENCED", `Cannot write to ${journal} as it has another owner by now: found ${ownerText(found)}`);
      case "rolled back":
        throw new DataFlowerError(
          "DF_STORE_ROLLED_BACK",
          `Cannot write to ${journal} as it has lost what it had acknowledged, up to position ${this.#next - 1} of owner ${this.fence}: found ${found}`,
        );
      case "lost":
        throw lostError(name, shownUrl, found);
      default:
        throw new DataFlowerError(
          "DF_STORE_POISONED",
          `Cannot write to ${journal} as its next position must be ${this.#next}: found ${verdict} ${found}`,
        );
    }
  }

  #requireRoom(values: readonly ScriptArgument[]): void {
    const limits = this.#parts.sizeLimits();
    let sum = commitScript.text.length;
    let largest = 0;
    for (const value of values) {
      const { length } = Buffer.isBuffer(value) ? value : String(value);
      largest = Math.max(largest, length);
      sum += length + valueOverheadBytes;
    }
    if (largest <= limits.value && sum <= limits.command) return;
    const found = largest > limits.value ? `a value of ${largest} bytes` : `${sum} bytes in all`;
    throw new DataFlowerError(
      "DF_STORE_FULL",
      `Cannot write to journal ${this.name} in ${this.#parts.shownUrl} as the server takes values of ${limits.value} bytes and commands of ${limits.command} bytes: found ${found}`,
    );
  }
}

/** What is to be done of all writes of runs: forgetting goes first, and of several writes of a run the last one stands. */
function outcomeOf(runs: readonly RunWrite[]) {
  const forgotten = new Set<string>();
  const entries = new Map<string, Buffer>();
  const ends = new Map<string, Buffer>();
  for (const { id, entry, end } of runs) {
    if (entry === undefined) {
      forgotten.add(id);
      entries.delete(id);
      ends.delete(id);
    } else {
      entries.set(id, asBuffer(entry));
      if (end !== undefined) ends.set(id, asBuffer(end));
    }
  }
  return { forgotten, entries, ends };
}

function ownerText(found: Buffer | number | undefined): string {
  return shownOwner(readOwner(String(found)));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
