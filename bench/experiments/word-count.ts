import type { Unit } from "../harness/fresh-process.js";
import type { WordCountSample } from "../harness/measurements/word-count.js";
import { median } from "../harness/statistics.js";
import { TITLES } from "../peers/titles.js";
import { count, milliseconds } from "../report/quantities.js";
import { table } from "../report/table.js";
import { type MainContender, mainContenders, measurePart, type Named, type PartContext, type PartResult } from "./part.js";

type Sample = Named & WordCountSample;

/** Words of every Markdown file of the installed dependencies: a task a file, then one that merges. */
export async function measureWordCountPart(context: PartContext): Promise<PartResult> {
  const { samples, note } = await measurePart<Sample>(
    "word count",
    mainContenders.map((contender) => unitOf(contender, context)),
    context,
  );
  const summary = mainContenders.map((contender) => summarise(contender, samples));
  return { text: render(summary, samples[0]!, note), samples, summary };
}

function unitOf(contender: MainContender, { pace, packageRoot, cores }: PartContext): Unit {
  return {
    contender,
    workloads: ["word-count"],
    parameters: { measure: "word-count", threads: cores, packageRoot, repeats: pace.word_count_repeats },
  };
}

interface Row {
  readonly contender: MainContender;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly repeats: number;
}

function summarise(contender: MainContender, samples: readonly Sample[]): Row {
  const makespansMs = samples.filter((sample) => sample.contender === contender).flatMap((sample) => sample.makespansMs);
  return {
    contender,
    medianMs: median(makespansMs),
    minMs: Math.min(...makespansMs),
    maxMs: Math.max(...makespansMs),
    repeats: makespansMs.length,
  };
}

function render(rows: readonly Row[], { fileCount, wordCount }: WordCountSample, note: string): string {
  const loopMs = rows.find(({ contender }) => contender === "sequential")!.medianMs;
  const lines = table(
    [
      { title: "contender", align: "left" },
      { title: "time", align: "right" },
      { title: "fastest", align: "right" },
      { title: "slowest", align: "right" },
      { title: "n", align: "right" },
      { title: "plain loop ÷ time", align: "right" },
    ],
    rows.map(({ contender, medianMs, minMs, maxMs, repeats }) => [
      TITLES[contender],
      milliseconds(medianMs),
      milliseconds(minMs),
      milliseconds(maxMs),
      String(repeats),
      `${(loopMs / medianMs).toFixed(2)} ×`,
    ]),
  );
  return `Word count: ${count(wordCount)} words in ${count(fileCount)} Markdown files, one task a file; every answer checked\n\n${lines}\n\n${verdict(rows)}${note}`;
}

function verdict(rows: readonly Row[]): string {
  const ours = rows.find(({ contender }) => contender === "dataflower")!;
  const faster = rows.filter(({ medianMs }) => medianMs < ours.medianMs);
  if (faster.length === 0) return "DataFlower is the fastest here.\n";
  return `Faster than DataFlower here: ${faster.map(({ contender, medianMs }) => `${TITLES[contender]} (${(ours.medianMs / medianMs).toFixed(2)} ×)`).join(", ")}.\n`;
}
