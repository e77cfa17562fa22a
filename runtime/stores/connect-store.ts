import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Connect } from "./store.js";

const known = "memory:, lmdb:PATH, redis://HOST:PORT or rediss://HOST:PORT";

/**
 * Connects to the store that a URL names. A driver is loaded when it is asked for, and not before. The heap is given out whatever durability
 * is asked for: it keeps none, which whoever names it knows.
 */
export const connectStore: Connect = async (url, options) => {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/.exec(url)?.[0] ?? "";
  if (scheme === "memory") return connectMemory(url, options);
  if (scheme === "lmdb") return (await import("./lmdb-store.js")).connectLmdb(url, options);
  if (scheme.startsWith("redis")) return (await import("./redis-store.js")).connectRedis(url, options);
  throw new DataFlowerError(
    "DF_STORE_UNSUPPORTED",
    `Cannot connect to this store as its URL must be ${known}: found the scheme ${JSON.stringify(scheme)}`,
  );
};

const connectMemory: Connect = async (url) => {
  if (url !== "memory:")
    throw new DataFlowerError(
      "DF_STORE_UNSUPPORTED",
      `Cannot connect to this store as the heap is written without anything behind its colon: found more than memory:`,
    );
  return new (await import("./memory-store.js")).MemoryStore();
};
