import type { HangingParameters, HangingSample } from "../../harness/measurements/hanging-tasks.js";
import { median } from "../../harness/statistics.js";
import type { Bar } from "../../report/plots/picture.js";
import { microseconds, milliseconds } from "../../report/quantities.js";
import { count, share } from "../config-values.js";
import { estimateOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { isGeneratorLate, latenessNote } from "../generator-lateness.js";
import type { Summary, VariantSummary } from "../summary.js";

const kinds = { none: "nothing hangs", loop: "endless loops", wait: "waits that never end" } as const;

interface HangingVariant extends Variant {
  readonly parameters: Omit<HangingParameters, "seed" | "threads">;
}

const measurement = new URL("../../harness/measurements/hanging-tasks.js", import.meta.url);

export default experiment({
  name: "hanging_tasks",
  category: "fault_tolerance",
  question: "How soon are tasks noticed that never end, and what do other runs feel of them?",
  config: { hanging_share: share, runs_per_second: count.max(10_000), load_ms: count.max(60_000) },
  variants: ({ hanging_share, runs_per_second, load_ms }): HangingVariant[] =>
    (["none", "loop", "wait"] as const).map((kind) => ({
      key: kind,
      labels: { kind: kinds[kind], share: hanging_share, runsPerSecond: runs_per_second },
      parameters: { kind, share: hanging_share, ratePerSecond: runs_per_second, durationMs: load_ms },
    })),
  async measure({ parameters }, { call, cores, seed }) {
    const argument: HangingParameters = { ...parameters, seed, threads: cores };
    const { runs, hangs, hung, noticedMs, others, lateness } = (await call(measurement, "measureHangingTasks", argument)) as HangingSample; // as: what it returns
    return {
      metrics: noticedMs.length === 0 ? {} : { noticedMs: median(noticedMs), worstNoticedMs: Math.max(...noticedMs) },
      shares: { completed: { hits: runs, of: runs } },
      latencies: { others, lateness },
      facts: { runs, hangs, hung },
      details: { noticedMs },
    };
  },
  headline({ variants }) {
    const hanging = variants.filter(({ metrics }) => metrics.noticedMs);
    if (hanging.length === 0) return "not measured";
    const noticed = hanging.map(({ labels, metrics }) => `${labels.kind} ${milliseconds(metrics.noticedMs!.median)} after their time-out`);
    const others = variants
      .filter(({ latencies }) => latencies.others)
      .map((one) => `${latencyOf(one)}, ${one.labels.kind}${latenessNote(one, "others")}`);
    return `noticed: ${noticed.join(", ")}; other runs: ${others.join("; ")}`;
  },
  figure: (summary) => [
    {
      kind: "bars",
      name: "hanging-tasks-noticed",
      title: "How long after its time-out is a task that never ends executed again?",
      subtitle: subtitleOf(summary, loadOf(summary)),
      x: { name: "time from the time-out to the next attempt, ms" },
      format: "ms",
      bars: summary.variants.filter(({ key }) => key !== "none").flatMap(noticedBars),
    },
    {
      kind: "bars",
      name: "hanging-tasks-others",
      title: "What do other runs feel of tasks that never end?",
      subtitle: subtitleOf(summary, `${loadOf(summary)}; from the intended start`),
      x: { name: "latency of runs in which nothing hangs, ms", scale: "log" },
      format: "ms",
      bars: summary.variants.flatMap(otherBars),
    },
  ],
});

function loadOf({ variants }: Summary): string {
  const { runsPerSecond = 0, share: part = 0 } = variants[0]?.labels ?? {};
  return `${runsPerSecond} runs/s of 5 tasks, ${Number((100 * Number(part)).toPrecision(2))} % of tasks hang once`;
}

function latencyOf({ latencies: { others } }: VariantSummary): string {
  const p50 = `P50 ${microseconds(others?.p50)}`;
  return others?.p99 === undefined ? `${p50}, worst ${microseconds(others?.max)}` : `${p50}, P99 ${microseconds(others.p99)}`;
}

function noticedBars({ labels, metrics }: VariantSummary): Bar[] {
  return [
    { name: `${labels.kind}, median`, value: estimateOf(metrics.noticedMs), samples: metrics.noticedMs?.values ?? [] },
    { name: `${labels.kind}, worst`, value: estimateOf(metrics.worstNoticedMs), samples: metrics.worstNoticedMs?.values ?? [] },
  ];
}

function otherBars(variant: VariantSummary): Bar[] {
  const { key, labels, latencies } = variant;
  const others = isGeneratorLate(variant, "others") ? undefined : latencies.others;
  return (["p50", "p99"] as const).map((quantile) => {
    const us = others?.[quantile];
    return {
      name: `${quantile.toUpperCase()}, ${labels.kind}${latenessNote(variant, "others")}`,
      value: us === undefined ? undefined : us / 1e3,
      isHighlighted: key !== "none",
    };
  });
}
