import { Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";
import { durable, lacksRedis, RedisServer, startRedisCluster } from "../faults/redis-server.fixture.js";
import { keysOf } from "./redis/layout.js";
import { openScript, runScript } from "./redis/scripts.js";
import { connectRedisWith } from "./redis-store.js";
import { type StorePlace, storeConformance } from "./store.conformance.js";
import type { StoreOptions } from "./store.js";

const options: StoreOptions = { durability: "disk", unavailableMsMax: 10_000, replicas: 0 };
const timing = { leaseMs: 3_000, renewMs: 100, commandMs: 2_000 };

/** All that a usurper does: the lease of the owner has ended, it takes the journal, and dies. */
async function usurp(client: Redis, name: string): Promise<void> {
  const [meta] = keysOf(name);
  await client.hset(meta, "lease", 0);
  await runScript(client, openScript, keysOf(name), ["usurper", "", 1, ""]);
  await client.hset(meta, "lease", 0);
}

describe.skipIf(lacksRedis("the Redis store"))("on servers", () => {
  let server: RedisServer;
  let nodes: readonly RedisServer[] = [];

  beforeAll(async () => {
    server = await RedisServer.start(durable);
    nodes = await startRedisCluster(3);
  });
  afterAll(async () => {
    await Promise.all([server, ...nodes].map((each) => each?.remove()));
  });

  storeConformance({
    name: "Redis",
    makePlace: async (): Promise<StorePlace> => {
      await server.command("flushall");
      return {
        connect: () => connectRedisWith(server.url, options, timing),
        usurp: (name) => usurp(server.client(), name),
        remove: async () => {},
      };
    },
  });

  storeConformance({
    name: "a Redis cluster",
    makePlace: async (): Promise<StorePlace> => {
      for (const node of nodes) await node.command("flushall");
      const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
      return {
        connect: () => connectRedisWith(url, options, timing),
        usurp: async (name) => {
          const cluster = new Redis.Cluster(nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
          try {
            await usurp(cluster as unknown as Redis, name);
          } finally {
            cluster.disconnect();
          }
        },
        remove: async () => {},
      };
    },
    modelRuns: 10,
  });
});
