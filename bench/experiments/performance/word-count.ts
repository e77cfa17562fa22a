import { z } from "zod";
import type { WordCountSample } from "../../harness/measurements/word-count.js";
import { median } from "../../harness/statistics.js";
import { TITLES } from "../../peers/titles.js";
import { type WordCountContender, wordCountContenders } from "../../peers/word-count/contenders.js";
import { milliseconds } from "../../report/quantities.js";
import { count, listOf } from "../config-values.js";
import { barsOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";

interface WordCountVariant extends Variant {
  readonly contender: WordCountContender;
  readonly repeats: number;
}

/** Words of every Markdown file of the installed dependencies: a task a file, then one that merges. */
export default experiment({
  name: "word_count",
  category: "performance",
  question: "How long does it take to count the words of real files?",
  config: { repeats: count.max(1_000), contenders: listOf(z.enum(wordCountContenders)) },
  variants: ({ repeats, contenders }): WordCountVariant[] =>
    contenders.map((contender) => ({ key: contender, labels: { contender: TITLES[contender] }, contender, repeats })),
  async measure({ contender, repeats }, { unit, cores, packageRoot }) {
    const parameters = { measure: "word-count", threads: cores, packageRoot, repeats } as const;
    const [sample] = (await unit({ contender, workloads: ["word-count"], parameters })) as [WordCountSample]; // as: what this measurement prints
    const { fileCount, wordCount, makespansMs } = sample;
    return { metrics: { makespanMs: median(makespansMs) }, facts: { fileCount, wordCount }, details: { makespansMs } };
  },
  comparisons: (variants) =>
    variants
      .filter(({ key }) => key !== "dataflower")
      .map(({ key, contender }) => ({ name: `${TITLES[contender]} ÷ DataFlower`, metric: "makespanMs", of: key, to: "dataflower" })),
  headline({ variants }) {
    const [ours, loop] = ["dataflower", "sequential"].map((key) => variants.find((one) => one.key === key)?.metrics.makespanMs);
    if (ours === undefined || loop === undefined) return "not measured";
    return `DataFlower takes ${milliseconds(ours.median)}, a plain loop ${milliseconds(loop.median)}`;
  },
  figure: (summary) => [
    {
      kind: "bars",
      name: "word-count",
      title: "How long does it take to count the words of real files?",
      subtitle: subtitleOf(summary, "a task a file, then one that merges; all cores"),
      x: { name: "ms until all is counted" },
      format: "ms",
      bars: barsOf(summary, { name: "contender", metric: "makespanMs", highlighted: "dataflower" }),
    },
  ],
});
