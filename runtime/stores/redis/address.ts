/**
 * What a Redis URL says:
 *
 *     redis://USER:PASSWORD@HOST:PORT/DB                         one server
 *     redis+sentinel://USER:PASSWORD@HOST:PORT,…/MASTER/DB       the master of that name, as these sentinels know it
 *     redis+cluster://USER:PASSWORD@HOST:PORT,…                  a cluster, of which these nodes are asked first
 *
 * `rediss` instead of `redis` is TLS; the server's certificate is always verified. Parameters:
 *
 *     ca=FILE                  certificates (PEM) to trust instead of the system's
 *     assume=process|disk      the durability that the server keeps, where it lets nobody read its settings
 *
 * User and password are written as URLs write them: `%40` for `@`, `%2F` for `/`.
 */
import { readFileSync } from "node:fs";
import { DataFlowerError } from "../../../actors/kernel/errors.js";

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  readonly kind: "server" | "sentinel" | "cluster";
  readonly hosts: readonly [RedisHost, ...RedisHost[]];
  /** The name by which sentinels know the master. */
  readonly master: string | undefined;
  readonly db: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Undefined: a plain link. */
  readonly tls: { readonly ca: string | undefined } | undefined;
  /** Durability that is taken on trust, as the server's settings cannot be read. */
  readonly assumed: "process" | "disk" | undefined;
  readonly shownUrl: string;
}

const form = /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?<authority>[^/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;
const hostForm = /^(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$/;
const portDefaults = { server: 6379, sentinel: 26379, cluster: 6379 } as const;

/** @throws DF_STORE_UNSUPPORTED for what is no URL of this form; credentials are in no message */
export function readRedisAddress(url: string): RedisAddress {
  const shown = hideCredentials(url);
  const refuse = (rule: string, found: string) =>
    new DataFlowerError("DF_STORE_UNSUPPORTED", `Cannot use ${shown} as a store as ${rule}: found ${found}`);
  const parts = form.exec(url)?.groups;
  if (parts === undefined) {
    throw refuse(
      "it must read redis[s][+sentinel|+cluster]://[USER:PASSWORD@]HOST[:PORT][/…]",
      "something else, or a character that must be percent-encoded",
    );
  }
  const kind = (parts.kind ?? "server") as RedisAddress["kind"];
  const authority = parts.authority ?? "";
  const at = authority.lastIndexOf("@");
  const { user, password } = readCredentials(at < 0 ? "" : authority.slice(0, at), refuse);
  const [first = "", ...others] = authority.slice(at + 1).split(",");
  const readEach = (text: string) => readHost(text, portDefaults[kind], refuse);
  const hosts = [readEach(first), ...others.map(readEach)] as const;
  if (kind === "server" && hosts.length > 1)
    throw refuse("redis:// names one server; redis+sentinel:// and redis+cluster:// name several", `${hosts.length}`);
  const path = (parts.path ?? "").split("/").slice(1);
  const master = kind === "sentinel" ? path.shift() : undefined;
  if (kind === "sentinel" && !master) throw refuse("the path must begin with the name of the master", "none");
  const db = readDb(path, refuse);
  if (kind === "cluster" && db !== 0) throw refuse("a cluster has one database", `/${db}`);
  const parameters = readParameters(parts.query ?? "", refuse);
  if (parameters.ca !== undefined && parts.tls === "") throw refuse("ca belongs to rediss://", "a plain link");
  const tls = parts.tls === "" ? undefined : { ca: parameters.ca === undefined ? undefined : readCertificates(parameters.ca, refuse) };
  const shownUser = password === undefined ? (user === undefined ? "" : `${user}@`) : `${user ?? ""}:***@`;
  const shownUrl = `${url.slice(0, url.indexOf("://"))}://${shownUser}${authority.slice(at + 1)}${parts.path ?? ""}`;
  return { kind, hosts, master, db, user, password, tls, assumed: parameters.assume, shownUrl };
}

/** Whether a password would cross a network that anybody may listen to. */
export function sendsPasswordInClear({ password, tls, hosts }: RedisAddress): boolean {
  return password !== undefined && tls === undefined && !hosts.every(({ host }) => isLoopback(host));
}

/** The URL as an error may show it: whatever could be a password is cut out, be the URL right or wrong. */
function hideCredentials(url: string): string {
  const at = url.lastIndexOf("@");
  const start = url.indexOf("://") + "://".length;
  if (start < 3) return at < 0 ? url : "***";
  const rest = url.slice(at < 0 ? start : at + 1).replace(/[?#].*$/s, "");
  return `${url.slice(0, start)}${at < 0 ? "" : "***@"}${rest}`;
}

type Refuse = (rule: string, found: string) => DataFlowerError;

function readCredentials(text: string, refuse: Refuse): Pick<RedisAddress, "user" | "password"> {
  if (text === "") return { user: undefined, password: undefined };
  const colon = text.indexOf(":");
  try {
    const user = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
    const password = colon < 0 ? undefined : decodeURIComponent(text.slice(colon + 1));
    return { user: user === "" ? undefined : user, password: password === "" ? undefined : password };
  } catch {
    throw refuse("user and password must be percent-encoded", "a % that begins no code");
  }
}

function readHost(text: string, portDefault: number, refuse: Refuse): RedisHost {
  const parts = hostForm.exec(text)?.groups;
  const host = parts?.six ?? parts?.name;
  const port = parts?.port === undefined ? portDefault : Number(parts.port);
  if (host === undefined || port < 1 || port > 65_535)
    throw refuse("a host must read NAME:PORT or [ADDRESS]:PORT", "something else, or a character that must be percent-encoded");
  return { host, port };
}

function readDb(path: readonly string[], refuse: Refuse): number {
  const [text = "", ...rest] = path;
  if (rest.length > 0 || !/^\d{0,5}$/.test(text)) throw refuse("the path must end with the number of a database", "something else");
  return Number(text);
}

function readParameters(query: string, refuse: Refuse): { ca?: string; assume?: "process" | "disk" } {
  const found: { ca?: string; assume?: "process" | "disk" } = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "ca") found.ca = value;
    else if (name === "assume" && (value === "process" || value === "disk")) found.assume = value;
    else throw refuse("the parameters are ca=FILE and assume=process|disk", `something else for ${JSON.stringify(name.slice(0, 20))}`);
  }
  return found;
}

function readCertificates(file: string, refuse: Refuse): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw refuse("ca must name a file of certificates", `${(error as NodeJS.ErrnoException).code} for ${file}`);
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
