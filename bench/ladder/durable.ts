import type { EngineOptions } from "dataflower";
import { openStore } from "../harness/store.js";
import type { Contender } from "../peers/graph/contender.js";
import { dataflower } from "../peers/graph/dataflower.js";

/** DataFlower on a fresh LMDB folder, which is gone when the session ends. */
export function durably({
  durability,
  commit,
}: {
  readonly durability: "process" | "disk";
  readonly commit: "strict" | "pipelined";
}): Contender {
  return {
    async open(setting) {
      const store = await openStore("lmdb", durability);
      const options: EngineOptions = { store: store.url, durability, commit };
      const session = await dataflower("default", options).open(setting);
      return {
        ...session,
        async close() {
          await session.close();
          await store.close();
        },
      };
    },
  };
}
