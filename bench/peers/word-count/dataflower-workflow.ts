import { type Ref, workflow } from "dataflower";
import { countFile, mergeCounts } from "../../workloads/word-count.js";

/** Word count as a workflow: a map over the files, then a merge. Workers import this module. */
export const wordCount = workflow({ name: "word-count", module: import.meta.url }, (flow, input: Ref<{ files: string[] }>) => {
  const counts = flow.map(input.files, (file) => flow.task(countFile, { file }));
  return flow.task(mergeCounts, { counts });
});
