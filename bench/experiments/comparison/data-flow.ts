import type { Throughput } from "../../harness/closed-loop.js";
import type { Commit } from "../../peers/durable/contender.js";
import type { Bar, Format, Picture } from "../../report/plots/picture.js";
import { ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, workloadName } from "../config-values.js";
import { estimateOf, subtitleOf } from "../drawing.js";
import { experiment, type MeasureContext, type Variant } from "../experiment.js";
import type { DurableRuns, DurableRunsSample } from "../measured/durable-runs.js";
import { paceOf } from "../pace-of.js";
import type { Comparison, Summary } from "../summary.js";

/** Who releases a task when its inputs exist: the worker that made the last one, or a thread that executes none. */
const releases = { local: "dataflower", control: "control-flow" } as const;
type Release = keyof typeof releases;
/** When outputs are durable: before what reads them is triggered, or behind. */
const storings = { before: "strict", after: "pipelined" } as const satisfies Record<string, Commit>;
type Storing = keyof typeof storings;

const measures = ["latency", "throughput"] as const;
type Measure = (typeof measures)[number];

interface FlowVariant extends Variant {
  readonly measure: Measure;
  readonly release: Release;
  readonly storing: Storing;
  readonly workload: string;
  readonly runs: number;
  readonly inFlight: number;
}

const titleOf = (release: Release, storing: Storing): string =>
  `${release === "local" ? "released by the task before" : "released by the control thread"}, stored ${storing} that`;
const keyOf = (measure: Measure, release: Release, storing: Storing) => `${measure} ${release} ${storing}`;
const METRICS = { latency: "p99Ms", throughput: "runsPerSecond" } as const satisfies Record<Measure, string>;
const NAMES = { latency: "P99 of runs", throughput: "peak throughput" } as const satisfies Record<Measure, string>;
const WARMUP_RUNS_SHARE = 0.1;

const module = new URL("../measured/durable-runs.js", import.meta.url);

export default experiment({
  name: "data_flow",
  category: "comparison",
  question: "What is it worth that data, and not a control thread, releases tasks?",
  config: {
    latency_workload: workloadName,
    latency_runs: count.max(100_000),
    throughput_workload: workloadName,
    in_flight: count.max(5_000),
  },
  variants: ({ latency_workload, latency_runs, throughput_workload, in_flight }): FlowVariant[] =>
    measures.flatMap((measure) =>
      (["local", "control"] as const).flatMap((release) =>
        (["before", "after"] as const).map((storing) => {
          const isLatency = measure === "latency";
          const workload = isLatency ? latency_workload : throughput_workload;
          const inFlight = isLatency ? 1 : in_flight;
          const labels = { measure, release, storing, workload, inFlight, title: titleOf(release, storing) };
          return { key: keyOf(measure, release, storing), labels, measure, release, storing, workload, inFlight, runs: latency_runs };
        }),
      ),
    ),
  measure: async (variant, context) => ({
    ...(await (variant.measure === "latency" ? measureLatency(variant, context) : measureThroughput(variant, context))),
    facts: { answers: answersDigest(variant.workload) },
  }),
  comparisons: () => measures.flatMap(comparisonsOf),
  headline({ ratios }) {
    const found = measures.flatMap((measure) => ratios.filter(({ name }) => name === wholeName(measure)));
    return found.length === 0 ? "not measured" : found.map((one) => `${one.name}: ${ratioWithInterval(one)}`).join("; ");
  },
  figure: (summary) => measures.map((measure) => pictureOf(summary, measure)),
});

const wholeName = (measure: Measure): string => `${NAMES[measure]}: data flow ÷ control flow`;

/** Both together, as data flow is meant: local release, stored behind it; and each of the two factors at both levels of the other. */
function comparisonsOf(measure: Measure): Comparison[] {
  const comparison = (name: string, of: [Release, Storing], to: [Release, Storing]): Comparison => ({
    name,
    metric: METRICS[measure],
    of: keyOf(measure, ...of),
    to: keyOf(measure, ...to),
  });
  const what = NAMES[measure];
  return [
    comparison(wholeName(measure), ["local", "after"], ["control", "before"]),
    ...(["before", "after"] as const).map((storing) =>
      comparison(`${what}: local ÷ control release, stored ${storing}`, ["local", storing], ["control", storing]),
    ),
    ...(["local", "control"] as const).map((release) =>
      comparison(`${what}: stored after ÷ before, ${release} release`, [release, "after"], [release, "before"]),
    ),
  ];
}

const keptOf = ({ storing }: FlowVariant) => ({ store: "lmdb", durability: "process", commit: storings[storing] }) as const;

async function measureLatency(variant: FlowVariant, { call, cores }: MeasureContext) {
  const { release, workload, runs } = variant;
  const warmupRuns = Math.ceil(runs * WARMUP_RUNS_SHARE);
  const wanted: DurableRuns = { contender: releases[release], workload, threads: cores, warmupRuns, runs, ...keptOf(variant) };
  const { p50Ms, p99Ms, latencies } = (await call(module, "measureDurableRuns", wanted)) as DurableRunsSample; // as: what it returns
  return { metrics: { p50Ms, p99Ms }, latencies: { run: latencies }, details: { runs } };
}

async function measureThroughput(variant: FlowVariant, { unit, cores, pace }: MeasureContext) {
  const { release, workload, inFlight } = variant;
  const parameters = { measure: "durable", threads: cores, inFlight, ...keptOf(variant), ...paceOf("dataflower", pace) } as const;
  const wanted = { contender: releases[release], workloads: [workload], parameters };
  const [sample] = (await unit(wanted)) as [Throughput]; // as: what this measurement prints
  const { runsPerSecond, tasksPerSecond } = sample;
  return { metrics: { runsPerSecond, tasksPerSecond }, details: sample };
}

const TITLES = {
  latency: "How long does a run take at P99, released by data or by a control thread?",
  throughput: "How many runs a second, released by data or by a control thread?",
} as const satisfies Record<Measure, string>;

function pictureOf(summary: Summary, measure: Measure): Picture {
  const own = summary.variants.filter(({ labels }) => labels.measure === measure);
  const { workload, inFlight } = own[0]?.labels ?? {};
  const counts = own.map(({ latencies }) => latencies.run?.count ?? 0);
  const n = measure === "latency" ? `, ${Math.min(...counts)} runs each, P99 of each round` : "";
  return {
    kind: "bars",
    name: `data-flow-${measure}`,
    title: TITLES[measure],
    subtitle: subtitleOf(summary, `${workload}, ${inFlight} in flight${n}, LMDB, safe from the death of the process`),
    x: { name: measure === "latency" ? "ms" : "runs/s" },
    format: (measure === "latency" ? "ms" : "rate") satisfies Format,
    bars: own.map(({ labels, metrics }): Bar => {
      const metric = metrics[METRICS[measure]];
      const isHighlighted = labels.release === "local" && labels.storing === "after";
      return { name: String(labels.title), value: estimateOf(metric), samples: metric?.values ?? [], isHighlighted };
    }),
  };
}
