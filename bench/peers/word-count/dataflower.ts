import { DataFlower } from "dataflower";
import type { Contender } from "./contender.js";
import { wordCount } from "./dataflower-workflow.js";

export const contender: Contender = {
  async open({ threads }) {
    const engine = await DataFlower.start({ workflows: [wordCount], workers: threads, store: "memory:", profile: "throughput" });
    return {
      count: (files) => engine.run(wordCount, { files: [...files] }),
      close: () => engine.close(),
    };
  },
};
