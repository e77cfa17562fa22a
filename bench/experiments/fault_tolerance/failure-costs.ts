import type { FailureCostParameters, FailureCostSample } from "../../harness/measurements/failure-costs.js";
import type { Line } from "../../report/plots/picture.js";
import { microseconds, threeDigits } from "../../report/quantities.js";
import { count, listOf, share, size } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { isGeneratorLate, latenessNote } from "../generator-lateness.js";
import type { Summary, VariantSummary } from "../summary.js";

const delaysTitles = { none: "no delay between attempts", default: "default delays (100 ms, doubling)" } as const;
type Delays = keyof typeof delaysTitles;

interface FailureCostVariant extends Variant {
  readonly parameters: Omit<FailureCostParameters, "seed" | "threads">;
}

const measurement = new URL("../../harness/measurements/failure-costs.js", import.meta.url);

export default experiment({
  name: "failure_costs",
  category: "fault_tolerance",
  question: "What do failures cost, in latency and in work done twice?",
  config: {
    failure_rates: listOf(share),
    workflow_size: size.max(1_000),
    attempts: count.max(10),
    runs_per_second: count.max(10_000),
    load_ms: count.max(60_000),
    kernel_repeats: count.max(100_000),
  },
  variants: ({ failure_rates, workflow_size: tasks, attempts, runs_per_second, load_ms, kernel_repeats }): FailureCostVariant[] =>
    (["none", "default"] as const).flatMap((delays) =>
      failure_rates.map((failureShare) => ({
        key: keyOf(delays, failureShare),
        labels: { delays: delaysTitles[delays], percent: 100 * failureShare, tasks, attempts, runsPerSecond: runs_per_second },
        parameters: {
          ...{ delays, failureShare, tasks, attempts, kernel: kernel_repeats },
          ...{ ratePerSecond: runs_per_second, durationMs: load_ms },
        },
      })),
    ),
  async measure({ parameters }, { call, cores, seed }) {
    const argument: FailureCostParameters = { ...parameters, seed, threads: cores };
    const sample = (await call(measurement, "measureFailureCosts", argument)) as FailureCostSample; // as: what it returns
    const { latency, lateness, fates, runs, completed, attempts } = sample;
    return {
      metrics: { wastedTimePercent: (100 * attempts.failedMs) / attempts.allMs, attemptMeanMs: attempts.allMs / attempts.all },
      shares: { completed: { hits: completed, of: runs }, failedAttempts: { hits: attempts.failed, of: attempts.all } },
      latencies: { run: latency, lateness },
      facts: { runs, completed, fates },
    };
  },
  headline({ variants }) {
    const measured = variants.filter(({ latencies, metrics }) => latencies.run && metrics.wastedTimePercent);
    const told = measured.toSorted((a, b) => Number(a.labels.percent) - Number(b.labels.percent)).at(-1);
    if (told === undefined) return "not measured";
    const each = measured
      .filter(({ labels }) => labels.percent === told.labels.percent)
      .map((one) => `${latencyOf(one)}, ${one.labels.delays}${latenessNote(one, "run")}`);
    return `at ${told.labels.percent} % failures ${threeDigits(told.metrics.wastedTimePercent!.median)} % of the time in tasks is wasted; ${each.join("; ")}`;
  },
  figure: (summary) => [
    {
      kind: "lines",
      name: "failure-costs-latency",
      title: "How long do runs take when their attempts fail?",
      subtitle: subtitleOf(summary, `${loadOf(summary)}, from the intended start; gaps: too few runs, or void, as the generator was late`),
      x: { name: "attempts that fail, %" },
      y: { name: "latency of runs, ms", scale: "log" },
      lines: latencyLines(summary),
    },
    {
      kind: "lines",
      name: "failure-costs-work",
      title: "How much of the time in tasks is spent in attempts that fail?",
      subtitle: subtitleOf(summary, loadOf(summary)),
      x: { name: "attempts that fail, %" },
      y: { name: "time in failed attempts, % of all" },
      lines: [...linesOf(summary.variants, { line: "delays", x: "percent", y: "wastedTimePercent" }), ...asManyAsFail(summary)],
    },
  ],
});

function keyOf(delays: Delays, failureShare: number): string {
  return `${delays === "none" ? "no" : "default"} delays, ${Number((100 * failureShare).toPrecision(3))} %`;
}

function loadOf({ variants }: Summary): string {
  const { runsPerSecond = 0, tasks = 0, attempts = 0 } = variants[0]?.labels ?? {};
  return `${runsPerSecond} runs/s of ${tasks} tasks, ${attempts} attempts, open loop`;
}

/** P99 where there are enough runs for it, else the highest percentile that there is. */
function latencyOf({ latencies: { run } }: VariantSummary): string {
  if (run?.p99 !== undefined) return `P99 ${microseconds(run.p99)}`;
  return run?.p50 === undefined ? `worst ${microseconds(run?.max)}` : `P50 ${microseconds(run.p50)}`;
}

function latencyLines({ variants }: Summary): Line[] {
  const names = [...new Set(variants.map(({ labels }) => String(labels.delays)))];
  return names.flatMap((name) =>
    (["p50", "p99"] as const).map((quantile) => ({
      name: `${quantile.toUpperCase()}, ${name}`,
      points: variants
        .filter(({ labels }) => labels.delays === name)
        .map((variant) => {
          const us = isGeneratorLate(variant, "run") ? undefined : variant.latencies.run?.[quantile];
          return { x: Number(variant.labels.percent), y: us === undefined ? undefined : us / 1e3 };
        }),
    })),
  );
}

/** Where an attempt that fails takes as long as one that does not, the share of time is the share of attempts. */
function asManyAsFail({ variants }: Summary): Line[] {
  const rates = [...new Set(variants.map(({ labels }) => Number(labels.percent)))];
  return [{ name: "as many as fail", points: rates.map((rate) => ({ x: rate, y: rate })), stroke: "dashed" }];
}
