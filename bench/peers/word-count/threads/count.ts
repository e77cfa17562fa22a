import { type Counts, countFile, mergeCounts } from "../../../workloads/word-count.js";

/** What the threads of piscina and tinypool load: functions that a message may call by name. */
export { countFile };

export function countAll(files: readonly string[]): Counts {
  return mergeCounts({ counts: files.map((file) => countFile({ file })) });
}
