/**
 * The way to a Redis store: a connection that is made anew when it is lost, or whenever nobody knows what became of a command, and tries
 * that go on until they succeed, make no sense, or have taken too long.
 *
 * What is tried must do no harm when it is done twice.
 */
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { after, nowMs } from "../../observe/system-clock.js";
import { systemRandom } from "../../observe/system-random.js";
import type { RedisAddress, RedisHost } from "./address.js";
import { type Client, connectClient, hostsOf } from "./client.js";
import { type Reaction, type Trouble, troubleOf, withoutSecrets } from "./trouble.js";

/** The first wait before a command is tried again, in ms; each further one is twice as long, up to the longest. */
const waitMs: Readonly<Record<Exclude<Reaction, "fatal">, { first: number; longest: number }>> = {
  retry: { first: 10, longest: 500 },
  reconnect: { first: 10, longest: 1_000 },
  pause: { first: 100, longest: 2_000 },
};

const commandMsMin = 100;

export interface LinkOptions {
  /** For how long a try is followed by another one, in ms. */
  readonly unavailableMsMax: number;
  /** For how long a reply is waited for, in ms; twice as long after each that has not come, as it may be a large command on a slow link. */
  readonly commandMs: number;
  /** What each connection must pass before it is used. */
  readonly check: (client: Client) => Promise<void>;
}

export class RedisLink {
  readonly #address: RedisAddress;
  readonly #options: LinkOptions;
  #connecting: Promise<Client> | undefined;
  /** Nodes of the cluster as they were seen last. */
  #seenHosts: readonly RedisHost[] = [];
  #commandMs: number;
  #hasConnected = false;
  #isClosed = false;
  readonly #onClose = new Set<() => void>();

  constructor(address: RedisAddress, options: LinkOptions) {
    this.#address = address;
    this.#options = options;
    this.#commandMs = this.#boundedMs(options.commandMs);
  }

  /**
   * Does something with the store, again and again while that may help.
   *
   * @param what it is that cannot be done, for the error: `write to`
   * @throws as the table in `trouble.ts` says, or what `act` throws as a DataFlowerError
   */
  async run<T>(what: string, act: (client: Client) => Promise<T>): Promise<T> {
    const giveUpAtMs = nowMs() + this.#options.unavailableMsMax;
    for (let tries = 0; ; tries++) {
      const tried = await this.#try(act);
      if ("value" in tried) {
        this.#commandMs = this.#boundedMs(this.#options.commandMs); // not after an attempt: what is large may still be under way
        return tried.value;
      }
      const { trouble } = tried;
      const ms = this.#waitMs(trouble, tries);
      if (ms === undefined) throw this.#error(what, trouble, "");
      if (nowMs() + ms >= giveUpAtMs) throw this.#error(what, trouble, ` for ${this.#options.unavailableMsMax} ms`);
      await this.#sleep(ms);
    }
  }

  /** Does something once. Undefined: it did not succeed, or nobody knows. @throws what `act` throws as a DataFlowerError */
  async attempt<T>(act: (client: Client) => Promise<T>): Promise<T | undefined> {
    const tried = await this.#try(act);
    return "value" in tried ? tried.value : undefined;
  }

  /** Ends the connection. What is being tried ends as DF_STORE_UNAVAILABLE. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connecting?.then(
      (client) => client.disconnect(),
      () => {},
    );
    for (const wake of this.#onClose) wake();
  }

  async #try<T>(act: (client: Client) => Promise<T>): Promise<{ readonly value: T } | { readonly trouble: Trouble }> {
    if (this.#isClosed) return { trouble: { reaction: "fatal", code: "DF_STORE_UNAVAILABLE", text: "the connection has been closed" } };
    let client: Client | undefined;
    try {
      client = await this.#connected();
      return { value: await act(client) };
    } catch (error) {
      if (error instanceof DataFlowerError) throw error;
      const trouble = troubleOf(error);
      if (/timed out$/i.test(trouble.text)) this.#commandMs = this.#boundedMs(2 * this.#commandMs);
      if (client !== undefined && trouble.reaction === "reconnect") await this.#drop(client);
      return { trouble };
    }
  }

  /** No reply is waited for longer than the store itself, but for a moment at least. */
  #boundedMs(ms: number): number {
    return Math.max(commandMsMin, Math.min(ms, this.#options.unavailableMsMax));
  }

  #connected(): Promise<Client> {
    this.#connecting ??= this.#connect().catch((error) => {
      this.#connecting = undefined;
      throw error;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Client> {
    const hosts = [...this.#address.hosts, ...this.#seenHosts] as const;
    const client = await connectClient({ ...this.#address, hosts }, this.#commandMs);
    try {
      await this.#options.check(client);
    } catch (error) {
      client.disconnect();
      throw error;
    }
    this.#seenHosts = hostsOf(client);
    this.#hasConnected = true;
    if (this.#isClosed) client.disconnect();
    return client;
  }

  /** Commands of others on the same connection fail with it, and are tried again. The first one that fails ends it. */
  async #drop(client: Client): Promise<void> {
    const connecting = this.#connecting;
    const current = await connecting?.catch(() => undefined);
    if (current !== client || this.#connecting !== connecting) return;
    this.#connecting = undefined;
    client.disconnect();
  }

  /** Undefined: it is not tried again. */
  #waitMs({ reaction, code }: Trouble, tries: number): number | undefined {
    if (reaction === "fatal" || this.#isClosed) return undefined;
    // What has never been a Redis server will not become one.
    if (code === "DF_STORE_REFUSED" && !this.#hasConnected) return undefined;
    const { first, longest } = waitMs[reaction];
    return Math.min(longest, first * 2 ** Math.min(tries, 16)) * (0.5 + systemRandom() / 2);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#onClose.delete(wake);
        resolve();
      };
      const cancel = after(ms, wake);
      this.#onClose.add(wake);
    });
  }

  #error(what: string, { code, text }: Trouble, duration: string): DataFlowerError {
    const rule = rules[code] ?? "it cannot be used";
    return new DataFlowerError(
      code,
      `Cannot ${what} ${this.#address.shownUrl} as ${rule}${duration}: ${withoutSecrets(text, [this.#address.password])}`,
    );
  }
}

const rules: Readonly<Partial<Record<Trouble["code"], string>>> = {
  DF_STORE_FULL: "it takes no writes",
  DF_STORE_REFUSED: "it lets this user do nothing, or is no Redis server that can be used so",
  DF_CHECKPOINT_CORRUPT: "a key of a journal holds something else",
};
