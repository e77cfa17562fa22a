/**
 * Journals in Redis (6.2 or newer), of which no server has to know anything beforehand. How they lie there: `redis/layout.ts`; what a URL
 * may say: `redis/address.ts`; what becomes of errors: `redis/trouble.ts`.
 *
 *     durability    what the server must be set up to do            what a commit waits for
 *     process       appendonly yes                                  the answer
 *     disk          appendonly yes, appendfsync always              the answer, which comes after the flush
 *     replicated    as disk                                         the answer, and so many replicas that have it (WAIT), flushed or not
 */
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { after } from "../observe/system-clock.js";
import { requireJournalName } from "./names.js";
import { type RedisAddress, readRedisAddress, sendsPasswordInClear } from "./redis/address.js";
import { checkDurability, type SizeLimits, sizeLimitsDefault } from "./redis/durability-check.js";
import { RedisJournal, type Taken } from "./redis/journal.js";
import { keysOf, registryKey } from "./redis/layout.js";
import { RedisLink } from "./redis/link.js";
import { isDead, newOwner, type Owner, owners, readOwner, shownOwner } from "./redis/owner.js";
import { openScript, peekScript, runScript, type Script, type ScriptArgument } from "./redis/scripts.js";
import { damagedError, lostError, newerError, RedisView } from "./redis/view.js";
import type { Connect, Journal, JournalView, Store, StoreOptions } from "./store.js";

/** In ms. */
export interface RedisTiming {
  /** For how long an owner that gives no sign of life keeps a journal. */
  readonly leaseMs: number;
  /** How often it gives one. */
  readonly renewMs: number;
  /** For how long a reply is waited for before the command is sent again. */
  readonly commandMs: number;
}

const timingDefault: RedisTiming = { leaseMs: 15_000, renewMs: 5_000, commandMs: 4_000 };
/** For how much longer than its lease an owner is waited for: its last sign of life may have come late. */
const patienceMs = 1_000;

export const connectRedis: Connect = (url, options) => connectRedisWith(url, options, timingDefault);

/** With other times: for tests. */
export async function connectRedisWith(url: string, options: StoreOptions, timing: RedisTiming): Promise<Store> {
  const address = readRedisAddress(url);
  if (sendsPasswordInClear(address)) {
    process.stderr.write(`dataflower: the password for ${address.shownUrl} crosses the network in clear; rediss:// encrypts\n`);
  }
  const store = new RedisStore(address, options, timing);
  try {
    await store.connect();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

class RedisStore implements Store {
  readonly shownUrl: string;
  readonly #options: StoreOptions;
  readonly #timing: RedisTiming;
  readonly #link: RedisLink;
  readonly #open = new Set<RedisJournal>();
  #sizeLimits: SizeLimits = sizeLimitsDefault;

  constructor(address: RedisAddress, options: StoreOptions, timing: RedisTiming) {
    this.shownUrl = address.shownUrl;
    this.#options = options;
    this.#timing = timing;
    this.#link = new RedisLink(address, {
      unavailableMsMax: options.unavailableMsMax,
      commandMs: timing.commandMs,
      // Each connection may lead to another server, as after a fail-over.
      check: async (client) => {
        this.#sizeLimits = await checkDurability(client, address, options);
      },
    });
  }

  async connect(): Promise<void> {
    await this.#link.run("connect to", async () => {});
  }

  async open(name: string): Promise<Journal> {
    requireJournalName(name);
    await this.#link.run("write to", (client) => client.sadd(registryKey, name));
    const owner = newOwner();
    const taken = await this.#take(name, owner);
    const { leaseMs, renewMs, commandMs } = this.#timing;
    const { durability, replicas: count } = this.#options;
    const replicas = durability === "replicated" ? { count, waitMs: Math.ceil(commandMs / 4) } : undefined;
    const journal = new RedisJournal(
      {
        ...{ link: this.#link, shownUrl: this.shownUrl, name, ownerId: owner.id, leaseMs, renewMs, replicas },
        sizeLimits: () => this.#sizeLimits,
        forget: () => {
          this.#open.delete(journal);
          owners.delete(owner.id);
        },
      },
      taken,
    );
    this.#open.add(journal);
    owners.add(owner.id);
    return journal;
  }

  async view(name: string): Promise<JournalView | undefined> {
    if (!isJournalName(name) || (await this.#peek(name)) === undefined) return undefined;
    return new RedisView(this.#link, this.shownUrl, name);
  }

  async journals(): Promise<readonly { readonly name: string; readonly isOwned: boolean }[]> {
    const names = await this.#link.run("read from", (client) => client.smembers(registryKey));
    const found: { name: string; isOwned: boolean }[] = [];
    for (const name of names.filter(isJournalName).sort()) {
      const peeked = await this.#peek(name);
      if (peeked !== undefined) found.push({ name, ...peeked });
    }
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((journal) => journal.close()));
    this.#link.close();
  }

  /** Waits for the lease of another owner to end, unless it is seen to live. @throws DF_STORE_BUSY */
  async #take(name: string, owner: Owner): Promise<Taken> {
    const { leaseMs } = this.#timing;
    const looksMax = Math.ceil((leaseMs + patienceMs) / pollMs(leaseMs));
    let dead = "";
    let seen = { owner: "", leaseEnd: "" };
    for (let looks = 0; ; looks++) {
      const [verdict, ...found] = await this.#run("write to", openScript, name, [owner.id, JSON.stringify(owner), leaseMs, dead]);
      if (verdict === "taken") {
        const [fence, wasClosed, first, next] = found.map(Number) as [number, number, number, number];
        return { fence, wasClosed: wasClosed === 1, first, next };
      }
      const [otherId = "", otherIs = "", leaseEnd = ""] = found.map(String);
      const other = readOwner(otherIs);
      // Each sign of life makes the lease longer.
      const isAlive = owners.has(otherId) || (seen.owner === otherId && seen.leaseEnd !== leaseEnd);
      if (isAlive || looks === looksMax) {
        throw new DataFlowerError(
          "DF_STORE_BUSY",
          `Cannot open journal ${name} in ${this.shownUrl} as its owner may be alive: found ${shownOwner(other)}`,
        );
      }
      seen = { owner: otherId, leaseEnd };
      dead = other !== undefined && isDead(other) ? otherId : "";
      if (dead === "") await new Promise<void>((resolve) => void after(pollMs(leaseMs), resolve));
    }
  }

  /** Undefined: there is no such journal. */
  async #peek(name: string): Promise<{ readonly isOwned: boolean } | undefined> {
    const [verdict, ownerId, ownerIs, msLeft] = await this.#run("read from", peekScript, name, []);
    if (verdict === "none") return undefined;
    const owner = readOwner(String(ownerIs));
    return { isOwned: String(ownerId) !== "" && Number(msLeft) > 0 && !(owner !== undefined && isDead(owner)) };
  }

  /** @throws DF_CHECKPOINT_LOST, DF_CHECKPOINT_CORRUPT, DF_CHECKPOINT_VERSION */
  async #run(
    what: string,
    script: Script,
    name: string,
    values: readonly ScriptArgument[],
  ): Promise<[verdict: string, ...found: (Buffer | number)[]]> {
    const [answer, ...found] = await this.#link.run(what, (client) => runScript(client, script, keysOf(name), values));
    const verdict = String(answer);
    if (verdict === "lost") throw lostError(name, this.shownUrl, found[0]);
    if (verdict === "damaged") throw damagedError(name, this.shownUrl, found[0]);
    if (verdict === "newer") throw newerError(name, this.shownUrl, found[0]);
    return [verdict, ...found];
  }
}

/** How often somebody who waits for a lease to end looks, in ms. */
function pollMs(leaseMs: number): number {
  return Math.min(250, Math.ceil(leaseMs / 8));
}

function isJournalName(name: string): boolean {
  try {
    requireJournalName(name);
    return true;
  } catch {
    return false;
  }
}
