import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Durability } from "../peers/durable/contender.js";
import { startRedisServer } from "./redis-server.js";

/** Where runs are kept; `own` is a contender's own affair. */
export type StoreKind = "redis" | "lmdb" | "own";

export interface OpenedStore {
  /** As contenders are given it. */
  readonly url: string;
  close(): Promise<void>;
}

/** A fresh, empty store for one session; all is gone when it is closed. */
export async function openStore(kind: StoreKind, durability: Durability): Promise<OpenedStore> {
  switch (kind) {
    case "redis": {
      const { url, stop } = await startRedisServer(durability === "disk" ? "always" : "everysec");
      return { url, close: stop };
    }
    case "lmdb": {
      const folder = mkdtempSync(join(tmpdir(), "dataflower-bench-lmdb-"));
      return { url: `lmdb:${folder}`, close: async () => rmSync(folder, { recursive: true, force: true }) };
    }
    case "own":
      return { url: "", close: async () => {} };
  }
}
