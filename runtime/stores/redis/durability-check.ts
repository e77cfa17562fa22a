/** Whether a server, as it is set up, keeps what it acknowledges, and how much it takes at once. */
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { StoreOptions } from "../store.js";
import type { RedisAddress } from "./address.js";
import { type Client, mastersOf } from "./client.js";
import { withoutSecrets } from "./trouble.js";

/** In bytes. */
export interface SizeLimits {
  /** Of one value. */
  readonly value: number;
  /** Of a command with all its values. */
  readonly command: number;
}

/** What a server takes unless it is set up otherwise. */
export const sizeLimitsDefault: SizeLimits = { value: 512 * 2 ** 20, command: 2 ** 30 };

const settings = [
  "appendonly",
  "appendfsync",
  "no-appendfsync-on-rewrite",
  "maxmemory",
  "maxmemory-policy",
  "proto-max-bulk-len",
  "client-query-buffer-limit",
] as const;
type Settings = Readonly<Partial<Record<(typeof settings)[number], string>>>;

/**
 * Reads the settings of every server that takes writes, and answers the smallest of their limits.
 *
 * `replicated` is judged as `disk` here; that replicas have a commit is asked after each. Whether they have flushed it cannot be asked
 * before Redis 7.2 (WAITAOF), and is not.
 *
 * @throws DF_DURABILITY_UNSUPPORTED, naming the setting to change
 */
export async function checkDurability(client: Client, address: RedisAddress, { durability }: StoreOptions): Promise<SizeLimits> {
  const refuse = (rule: string, found: string) =>
    new DataFlowerError(
      "DF_DURABILITY_UNSUPPORTED",
      `Cannot keep durability ${durability} in ${address.shownUrl} as ${rule}: found ${found}`,
    );
  if (address.assumed !== undefined) {
    if (durability !== "process" && address.assumed === "process")
      throw refuse("the URL says that the server keeps less", "assume=process");
    return sizeLimitsDefault;
  }
  let limits = sizeLimitsDefault;
  for (const master of mastersOf(client)) {
    const of = await readSettings(master, address, refuse);
    judge(of, durability, refuse);
    limits = {
      value: Math.min(limits.value, limitOf(of["proto-max-bulk-len"])),
      command: Math.min(limits.command, limitOf(of["client-query-buffer-limit"])),
    };
  }
  return limits;
}

type Refuse = (rule: string, found: string) => DataFlowerError;

async function readSettings(
  master: { config(read: "GET", name: string): Promise<unknown> },
  address: RedisAddress,
  refuse: Refuse,
): Promise<Settings> {
  try {
    const found = await Promise.all(settings.map((name) => master.config("GET", name)));
    return Object.fromEntries(settings.map((name, index) => [name, (found[index] as string[] | undefined)?.[1]]));
  } catch (error) {
    const text = error instanceof Error && error.name === "ReplyError" ? error.message : "";
    if (!/^NOPERM|^ERR unknown (sub)?command/i.test(text)) throw error;
    const hint =
      "its settings cannot be read; if it is known what the server keeps, say so in the URL with ?assume=process or ?assume=disk";
    throw refuse(hint, withoutSecrets(text, [address.password]));
  }
}

function judge(of: Settings, durability: StoreOptions["durability"], refuse: Refuse): void {
  if (of.appendonly !== "yes") throw refuse('the server must have "appendonly yes"', `"appendonly ${of.appendonly}"`);
  const evicts = of.maxmemory !== "0" && of["maxmemory-policy"] !== "noeviction";
  if (evicts)
    throw refuse('a server with maxmemory must have "maxmemory-policy noeviction"', `"maxmemory-policy ${of["maxmemory-policy"]}"`);
  if (durability === "process") return;
  if (of.appendfsync !== "always") throw refuse('the server must have "appendfsync always"', `"appendfsync ${of.appendfsync}"`);
  const skips = of["no-appendfsync-on-rewrite"];
  if (skips === "yes") throw refuse('the server must have "no-appendfsync-on-rewrite no"', `"no-appendfsync-on-rewrite ${skips}"`);
}

function limitOf(setting: string | undefined): number {
  const bytes = Number(setting);
  return bytes > 0 ? bytes : Number.POSITIVE_INFINITY;
}
