import { z } from "zod";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import type { LatencyCurveSample, LoadResult } from "../../harness/measurements/latency-curve.js";
import { LATENESS_SHARE_MAX } from "../../harness/open-loop/verdict.js";
import type { ContenderName } from "../../peers/graph/contenders.js";
import { TITLES } from "../../peers/titles.js";
import type { Line, Picture } from "../../report/plots/picture.js";
import { microseconds } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, listOf, size, workloadShape } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";
import type { Measured } from "../sample.js";
import type { LatencySummary, Summary, VariantSummary } from "../summary.js";

interface LatencyVariant extends Variant {
  readonly contender: ContenderName;
  readonly profile?: "throughput" | "latency";
  readonly workload: string;
  readonly inFlight: number;
  readonly loads: readonly number[];
}

/** Who is measured, and in which profile of its own. */
const settings = [
  { contender: "dataflower", profile: "latency", name: `${TITLES.dataflower}, profile latency` },
  { contender: "dataflower", profile: "throughput", name: `${TITLES.dataflower}, profile throughput` },
  { contender: "promises", name: TITLES.promises },
  { contender: "piscina-run", name: TITLES["piscina-run"] },
] as const;

const OURS = settings[0].name;
const HALF = 0.5;

export default experiment({
  name: "latency",
  category: "performance",
  question: "How long does a small workflow take under each load?",
  config: {
    workflow_size: size,
    shape: workloadShape,
    in_flight: count.max(5_000),
    loads: listOf(z.number().gt(0).max(1), { nameOf: (load) => nameOf(load) }),
  },
  variants: ({ workflow_size, shape, in_flight, loads }): LatencyVariant[] =>
    settings.map(({ name, ...setting }) => ({
      key: name,
      labels: { contender: name, shape, tasks: workflow_size },
      ...setting,
      workload: `${shape}-${workflow_size}`,
      inFlight: in_flight,
      loads,
    })),
  async measure({ contender, profile, workload, inFlight, loads }, { unit, pace, cores, seed }) {
    // One thread less than cores: the control thread submits all the time, and an open loop shows what happens when it has no core of its own.
    const threads = Math.max(1, cores - 1);
    const how = {
      threads,
      handlers: "sync",
      inFlight,
      ...paceOf(contender, pace),
      ...(profile && { profile }),
    } as const;
    const parameters = { measure: "latency-curve", ...how, shares: loads, openLoopMs: pace.openLoopMs, seed } as const;
    const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [LatencyCurveSample]; // as: what this measurement prints
    return measuredOf(sample, answersDigest(workload));
  },
  headline(summary) {
    const variant = summary.variants.find(({ key }) => key === OURS);
    const ours = variant?.latencies[nameOf(HALF)];
    if (ours?.p50 === undefined) return "too few runs to tell";
    const isBehind = variant?.shares[`kept up at ${nameOf(HALF)}`]?.median !== 1 ? ", which it did not keep up with" : "";
    return `${ours.count} runs of ${summary.variants[0]?.labels.tasks} tasks at half of the capacity${isBehind}: P50 ${microseconds(ours.p50)}, P99 ${microseconds(ours.p99)}`;
  },
  figure: (summary) => [byLoad(summary), achieved(summary), percentiles(summary)],
});

const nameOf = (load: number) => `${Math.round(load * 100)} %`;
const loadOf = (name: string) => Number(name.replace(" %", ""));

function measuredOf({ capacityPerSecond, loads }: LatencyCurveSample, answers: string): Measured {
  return {
    metrics: Object.fromEntries([["capacityPerSecond", capacityPerSecond], ...loads.flatMap((load) => Object.entries(loadMetrics(load)))]),
    shares: Object.fromEntries(loads.map(({ share, hasKeptUp }) => [`kept up at ${nameOf(share)}`, { hits: hasKeptUp ? 1 : 0, of: 1 }])),
    latencies: Object.fromEntries(loads.map(({ share, latency }) => [nameOf(share), latency])),
    facts: { answers },
  };
}

function loadMetrics({ share, offeredPerSecond, achievedPerSecond, latency, lateness }: LoadResult): Record<string, number> {
  const at = nameOf(share);
  const quantile = (name: string, encoded: string, which: 0.5 | 0.99) => {
    const us = LatencyHistogram.merged([encoded]).quantileUs(which);
    return us === undefined ? {} : { [`${name} at ${at}`]: us };
  };
  return {
    [`offeredPerSecond at ${at}`]: offeredPerSecond,
    [`achievedPerSecond at ${at}`]: achievedPerSecond,
    ...quantile("p50Us", latency, 0.5),
    ...quantile("lateP50Us", lateness, 0.5),
  };
}

/** Loads with which every round kept up, and of which the generator was not late itself, with their latencies. */
function validLoads({ latencies, shares, metrics }: VariantSummary): [load: number, latency: LatencySummary][] {
  const isValid = (at: string) => {
    const [late, p50] = [metrics[`lateP50Us at ${at}`]?.median, metrics[`p50Us at ${at}`]?.median];
    return shares[`kept up at ${at}`]?.median === 1 && late !== undefined && p50 !== undefined && late <= LATENESS_SHARE_MAX * p50;
  };
  return Object.entries(latencies)
    .filter(([at]) => isValid(at))
    .map(([at, latency]) => [loadOf(at), latency]);
}

const loadText = ({ variants }: Summary) =>
  `open loop, runs of ${variants[0]?.labels.tasks} tasks, from the intended start; faint: void, as it did not keep up or the generator was late`;

function byLoad(summary: Summary): Picture {
  const line = (variant: VariantSummary, quantile: "p50" | "p99"): Line => ({
    name: `${variant.key}: ${quantile.toUpperCase()}`,
    points: validLoads(variant).map(([x, latency]) => ({ x, y: latency[quantile] })),
    samples: Object.entries(variant.latencies).flatMap(([at, latency]) => {
      const us = latency[quantile];
      return us === undefined ? [] : [[loadOf(at), us] as const];
    }),
  });
  return {
    kind: "lines",
    name: "latency-by-load",
    title: "How long does a small workflow take under each load?",
    subtitle: subtitleOf(summary, loadText(summary)),
    x: { name: "offered load, in % of the capacity" },
    y: { name: "latency in µs", scale: "log" },
    lines: summary.variants.flatMap((variant) => [line(variant, "p50"), line(variant, "p99")]),
  };
}

/** Where a contender does not keep up, its line ends. */
function achieved(summary: Summary): Picture {
  return {
    kind: "lines",
    name: "latency-by-rate",
    title: "What rate does each reach, at which latency?",
    subtitle: subtitleOf(summary, loadText(summary)),
    x: { name: "achieved rate in runs/s", scale: "log" },
    y: { name: "P50 of the latency in µs", scale: "log" },
    lines: summary.variants.map((variant) => ({
      name: variant.key,
      points: validLoads(variant).map(([load, { p50 }]) => ({
        x: variant.metrics[`achievedPerSecond at ${load} %`]?.median ?? Number.NaN,
        y: p50,
      })),
    })),
  };
}

function percentiles(summary: Summary): Picture {
  return {
    kind: "lines",
    name: "latency-percentiles",
    title: "How far out is the tail of the latency at half of the capacity?",
    subtitle: subtitleOf(summary, loadText(summary)),
    x: { name: "1 ÷ share of runs that take longer: 2 is P50, 100 is P99, 1 k is P99.9", scale: "log" },
    y: { name: "latency in µs", scale: "log" },
    lines: summary.variants.map(({ key, latencies }) => ({
      name: key,
      points: (latencies[nameOf(HALF)]?.curve ?? []).map(([share, us]) => ({ x: Number((1 / (1 - share)).toPrecision(6)), y: us })),
    })),
  };
}
