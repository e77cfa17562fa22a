import { z } from "zod";
import { type CorrelatedParameters, type CorrelatedSample, type Fault, faults } from "../../harness/measurements/correlated-failures.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import type { Bar } from "../../report/plots/picture.js";
import { milliseconds } from "../../report/quantities.js";
import { count, listOf } from "../config-values.js";
import { estimateOf, subtitleOf } from "../drawing.js";
import { Absent, experiment, type Variant } from "../experiment.js";
import type { Sample } from "../sample.js";
import type { Summary, VariantSummary } from "../summary.js";

const titles: Readonly<Record<Fault, string>> = {
  none: "nothing fails, in memory",
  exit: "a task ends its thread",
  oom: "a task fills the heap",
  poison: "a run ends its thread each time",
  "redis-none": "nothing fails, Redis",
  "redis-stop": "Redis stands still",
  "redis-kill": "Redis is killed",
};

/** What is measured until a fault is over: each has a beginning and an end of its own. */
const spans: Readonly<Partial<Record<Fault, string>>> = {
  exit: "from the end of the thread to the next attempt",
  oom: "from when the heap begins to fill to the next attempt",
  poison: "from the submission of that run to its failure",
  "redis-stop": "from when it goes on until no run of the outage is left",
  "redis-kill": "from when its restart begins until no run of the outage is left",
};

interface CorrelatedVariant extends Variant {
  readonly parameters: Omit<CorrelatedParameters, "seed" | "threads">;
}

const measurement = new URL("../../harness/measurements/correlated-failures.js", import.meta.url);

export default experiment({
  name: "correlated_failures",
  category: "fault_tolerance",
  question: "What do innocent runs feel when a thread or the store is lost?",
  config: {
    faults: listOf(z.enum(faults)),
    runs_per_second: count.max(5_000),
    load_ms: count.max(60_000),
    outage_ms: count.max(30_000),
  },
  variants: ({ faults: chosen, runs_per_second, load_ms, outage_ms }): CorrelatedVariant[] =>
    chosen.map((fault) => ({
      key: fault,
      labels: { fault: titles[fault], span: spans[fault] ?? "", runsPerSecond: runs_per_second, outageMs: outage_ms },
      parameters: { fault, ratePerSecond: runs_per_second, durationMs: load_ms, outageMs: outage_ms },
    })),
  async measure({ parameters }, { call, cores, seed }) {
    if (parameters.fault.startsWith("redis") && !hasRedisServer()) throw new Absent("redis-server is not installed");
    const argument: CorrelatedParameters = { ...parameters, seed, threads: cores };
    const sample = (await call(measurement, "measureCorrelatedFailures", argument)) as CorrelatedSample; // as: what it returns
    const { accepted, completed, found, latency, lateness, worstMs, recoveryMs } = sample;
    return {
      metrics: { worstMs, ...(recoveryMs !== undefined && { recoveryMs }) },
      shares: { completed: { hits: completed, of: accepted }, found: { hits: found, of: accepted } },
      latencies: { innocent: latency, lateness },
      facts: { accepted },
    };
  },
  check: (samples) => samples.flatMap(problemsOf),
  headline({ variants }) {
    const failing = variants.filter(({ metrics }) => metrics.recoveryMs);
    if (failing.length === 0) return "not measured";
    const each = failing.map(
      ({ labels, metrics }) =>
        `${labels.fault}: ${milliseconds(metrics.recoveryMs!.median)} ${labels.span}, worst wait of others ${milliseconds(metrics.worstMs!.median)}`,
    );
    const completed = failing.reduce((sum, { shares }) => sum + shares.completed!.hits, 0);
    const accepted = failing.reduce((sum, { shares }) => sum + shares.completed!.of, 0);
    return `${completed} of ${accepted} innocent runs completed; ${each.join("; ")}`;
  },
  figure: (summary) => [
    {
      kind: "bars",
      name: "correlated-failures-recovery",
      title: "How long until each fault is over?",
      subtitle: subtitleOf(summary, loadOf(summary)),
      x: { name: "time, from and to what each bar says, ms", scale: "log" },
      format: "ms",
      bars: summary.variants
        .filter(({ key }) => !key.endsWith("none"))
        .map((variant) => ({ ...barOf(variant, "recoveryMs"), name: `${variant.labels.fault}: ${variant.labels.span}` })),
    },
    {
      kind: "bars",
      name: "correlated-failures-waits",
      title: "How long does the unluckiest innocent run take?",
      subtitle: subtitleOf(summary, `${loadOf(summary)}; from the intended start`),
      x: { name: "longest latency of an innocent run, ms", scale: "log" },
      format: "ms",
      bars: summary.variants.map((variant) => barOf(variant, "worstMs")),
    },
  ],
});

function problemsOf({ variant, round, shares }: Sample): string[] {
  return Object.entries(shares ?? {})
    .filter(([, { hits, of }]) => hits < of)
    .map(([name, { hits, of }]) => `${variant}, round ${round}: of ${of} accepted innocent runs ${hits} were ${name}`);
}

function loadOf({ variants }: Summary): string {
  const { runsPerSecond = 0, outageMs = 0 } = variants[0]?.labels ?? {};
  return `fan of 10, ${runsPerSecond} runs/s, outages of ${outageMs} ms`;
}

function barOf({ key, labels, metrics }: VariantSummary, metric: "recoveryMs" | "worstMs"): Bar {
  const value = metrics[metric];
  return { name: String(labels.fault), value: estimateOf(value), samples: value?.values ?? [], isHighlighted: !key.endsWith("none") };
}
