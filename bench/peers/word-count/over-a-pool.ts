import { type Counts, mergeCounts } from "../../workloads/word-count.js";
import type { OpenPool } from "../pools/pool.js";
import type { Contender } from "./contender.js";

/**
 * A pool as a contender: a file a message. The counts come back as messages and are merged on the calling thread, which is faster than sending them
 * all once more.
 *
 * @param file what the threads load: it knows `countFile`
 */
export function fileAMessage(open: OpenPool, file: URL): Contender {
  return {
    async open({ threads }) {
      const pool = open<{ file: string }, Counts>({ threads, file, name: "countFile" });
      return {
        count: async (files) => mergeCounts({ counts: await Promise.all(files.map((name) => pool.execute({ file: name }))) }),
        close: async () => void (await pool.close()),
      };
    },
  };
}
