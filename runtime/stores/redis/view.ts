import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { isRunId } from "../names.js";
import type { JournalView, StoredRun } from "../store.js";
import { keysOf, layoutVersion } from "./layout.js";
import type { RedisLink } from "./link.js";
import { listScript, readScript, runScript, type Script, type ScriptArgument } from "./scripts.js";

/** Entries that are asked for at once, in bytes of a reply and in time of the server. */
const pageMax = 500;

/** A journal as everybody may read it. */
export class RedisView implements JournalView {
  readonly name: string;
  readonly #link: RedisLink;
  readonly #shownUrl: string;

  constructor(link: RedisLink, shownUrl: string, name: string) {
    this.name = name;
    this.#link = link;
    this.#shownUrl = shownUrl;
  }

  run(id: string): Promise<Uint8Array | undefined> {
    return this.#read("runs", id);
  }

  end(id: string): Promise<Uint8Array | undefined> {
    return this.#read("ends", id);
  }

  async runs(after: string | undefined, limit: number): Promise<readonly StoredRun[]> {
    const found: StoredRun[] = [];
    while (found.length < limit) {
      const last = found.at(-1)?.id ?? after;
      const wanted = Math.min(pageMax, limit - found.length);
      const page = await this.#run(listScript, [last === undefined ? "-" : `(${last}`, wanted]);
      for (let at = 0; at < page.length; at += 2) found.push({ id: String(page[at]), entry: ownBytes(page[at + 1]) });
      if (page.length < 2 * wanted) break;
    }
    return found;
  }

  async #read(part: "runs" | "ends", id: string): Promise<Uint8Array | undefined> {
    if (!isRunId(id)) return undefined;
    const [value] = await this.#run(readScript, [part, id]);
    return value === undefined ? undefined : ownBytes(value);
  }

  /** Answers what the script has found. @throws DF_CHECKPOINT_LOST */
  async #run(script: Script, values: readonly ScriptArgument[]): Promise<readonly (Buffer | number)[]> {
    const [verdict, ...rest] = await this.#link.run("read from", (client) => runScript(client, script, keysOf(this.name), values));
    if (String(verdict) === "lost") throw lostError(this.name, this.#shownUrl, rest[0]);
    return rest;
  }
}

/** Bytes of a reply lie in a buffer with those of others: whoever keeps them would keep all. */
export function ownBytes(reply: Buffer | number | undefined | null): Uint8Array {
  return new Uint8Array(reply as Buffer);
}

export function lostError(name: string, shownUrl: string, what: unknown): DataFlowerError {
  return new DataFlowerError(
    "DF_CHECKPOINT_LOST",
    `Cannot read journal ${name} in ${shownUrl} as all must be there that was written to it: found less in ${what}`,
  );
}

export function damagedError(name: string, shownUrl: string, what: unknown): DataFlowerError {
  return new DataFlowerError(
    "DF_CHECKPOINT_CORRUPT",
    `Cannot read journal ${name} in ${shownUrl} as all must be as it was written: found other values in ${what}`,
  );
}

export function newerError(name: string, shownUrl: string, version: unknown): DataFlowerError {
  return new DataFlowerError(
    "DF_CHECKPOINT_VERSION",
    `Cannot read journal ${name} in ${shownUrl} as this version knows layouts up to ${layoutVersion}: found ${String(version).slice(0, 20)}`,
  );
}
