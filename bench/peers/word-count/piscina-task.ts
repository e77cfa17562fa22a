import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { type Counts, mergeCounts } from "../../workloads/word-count.js";
import type { Contender } from "./contender.js";

/** piscina 5, a file a message; the counts come back as messages and are merged on the calling thread, which is faster than sending them all once more. */
export const contender: Contender = {
  async open({ threads }) {
    const pool = new Piscina<{ file: string }, Counts>({
      filename: fileURLToPath(new URL("./threads/count.js", import.meta.url)),
      name: "countFile",
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
    });
    return {
      count: async (files) => mergeCounts({ counts: await Promise.all(files.map((file) => pool.run({ file }))) }),
      close: () => pool.destroy(),
    };
  },
};
