import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Counts } from "../../workloads/word-count.js";
import type { Contender } from "./contender.js";

/** piscina 5, the whole count as one message: one thread does it all, and only the merged counts are sent back. */
export const contender: Contender = {
  async open({ threads }) {
    const pool = new Piscina<readonly string[], Counts>({
      filename: fileURLToPath(new URL("./threads/count.js", import.meta.url)),
      name: "countAll",
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
    });
    return { count: (files) => pool.run(files), close: () => pool.destroy() };
  },
};
