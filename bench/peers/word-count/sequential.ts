import { countFile, mergeCounts } from "../../workloads/word-count.js";
import type { Contender } from "./contender.js";

/** A plain loop over the files on one thread. */
export const contender: Contender = {
  async open() {
    return {
      count: async (files) => mergeCounts({ counts: files.map((file) => countFile({ file })) }),
      close: async () => {},
    };
  },
};
