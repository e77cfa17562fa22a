import { countFileAsync, mergeCounts } from "../../workloads/word-count.js";
import type { Contender } from "./contender.js";

/** A promise a file and `Promise.all` over them, on one thread: reading overlaps, counting does not. */
export const contender: Contender = {
  async open() {
    return {
      count: async (files) => mergeCounts({ counts: await Promise.all(files.map((file) => countFileAsync({ file }))) }),
      close: async () => {},
    };
  },
};
