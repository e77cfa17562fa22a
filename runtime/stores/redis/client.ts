/**
 * ioredis, told to do as little by itself as it can: it keeps no queue, sends nothing twice and never connects again. A client that has
 * lost its connection settles all its commands at once and is done with; `link.ts` makes another one. (Left to itself ioredis sends a
 * command again whose reply was lost, and, told not to, leaves its promise open for ever.)
 *
 * In a cluster ioredis does send commands again: to the node that a reply names, and, a few times, when a node is gone. Whatever is sent
 * here may be sent twice.
 */
import { Cluster, type CommonRedisOptions, Redis } from "ioredis";
import type { RedisAddress, RedisHost } from "./address.js";

/** A connection, or, in a cluster, one to each node that has been needed so far. */
export type Client = Redis | Cluster;

/** For how long a connection that is given up is asked to end by itself, in ms. */
const disconnectMs = 100;

/**
 * Connects, and says who it is.
 *
 * @param commandMs for how long any reply is waited for
 * @throws what ioredis found first: it is not fit to be shown, as it may hold commands and passwords
 */
export async function connectClient(address: RedisAddress, commandMs: number): Promise<Client> {
  const client = newClient(address, commandMs);
  let first: Error | undefined;
  client.on("error", (error) => {
    first ??= error;
  });
  try {
    await connected(client);
    if (first !== undefined) throw first; // of a database that does not exist ioredis tells so, and goes on with another one
    return client;
  } catch (error) {
    client.disconnect();
    const reason = reasonOf(first ?? error);
    // Of nodes and sentinels that cannot be reached ioredis does not say why: the first one is asked directly.
    throw address.kind === "server" || isToldByServer(reason) ? reason : ((await reasonOfHost(address, commandMs)) ?? reason);
  }
}

/** Nodes that take writes, each with its own settings. */
export function mastersOf(client: Client): readonly Redis[] {
  return client instanceof Cluster ? client.nodes("master") : [client];
}

/** Where the nodes of a cluster are by now, to find it again when those that were named first are gone. */
export function hostsOf(client: Client): readonly RedisHost[] {
  if (!(client instanceof Cluster)) return [];
  return client.nodes().flatMap(({ options: { host, port } }) => (host === undefined || port === undefined ? [] : [{ host, port }]));
}

/** A cluster whose state is bad ends without settling the promise. */
function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once("end", () => reject(new Error("Connection is closed.")));
    client.connect().then(resolve, reject);
  });
}

function isToldByServer(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "ReplyError";
}

async function reasonOfHost(address: RedisAddress, commandMs: number): Promise<unknown> {
  const alone = { ...address, kind: "server", db: 0 } as const;
  // Sentinels have passwords of their own, or none.
  const known = address.kind === "sentinel" ? { ...alone, user: undefined, password: undefined } : alone;
  try {
    (await connectClient(known, commandMs)).disconnect();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Of a cluster none of whose nodes could be asked: what the last of them said. */
function reasonOf(error: unknown): unknown {
  return (error as { lastNodeError?: unknown } | undefined)?.lastNodeError ?? error;
}

function newClient(address: RedisAddress, commandMs: number): Client {
  const { kind, hosts, user, password, db } = address;
  const tls =
    address.tls === undefined ? undefined : { rejectUnauthorized: true, ...(address.tls.ca === undefined ? {} : { ca: address.tls.ca }) };
  const common = {
    username: user,
    password,
    db,
    ...(tls === undefined ? {} : { tls }),
    protocol: 2,
    lazyConnect: true,
    enableReadyCheck: false, // a server that still loads says so to the first command
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    connectTimeout: commandMs,
    connectionName: "dataflower",
    disableClientInfo: true,
  } satisfies CommonRedisOptions & { tls?: unknown };
  if (kind === "cluster") {
    return new Cluster([...hosts], {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: null,
      slotsRefreshTimeout: commandMs,
      // Certificates name hosts: nodes are not called by their addresses then.
      ...(tls === undefined ? {} : { dnsLookup: (name, done) => done(null, name) }),
      redisOptions: { ...common, disconnectTimeout: disconnectMs },
    });
  }
  const single = { ...common, enableOfflineQueue: false, retryStrategy: null, disconnectTimeout: disconnectMs };
  if (kind === "server") return new Redis({ ...single, ...hosts[0] });
  return new Redis({
    ...single,
    sentinels: hosts.map(({ host, port }) => ({ host, port })),
    name: address.master ?? "",
    role: "master",
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: commandMs,
    enableTLSForSentinelMode: tls !== undefined,
    ...(tls === undefined ? {} : { sentinelTLS: tls }),
  });
}
