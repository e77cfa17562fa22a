import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { microseconds, ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count } from "../config-values.js";
import { barsOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import type { DataFlowArgument, DataFlowFound } from "../measured/data-flow.js";
import { paceOf } from "../pace-of.js";

interface DataFlowVariant extends Variant, Pick<DataFlowArgument, "release" | "commit" | "inFlight" | "runs"> {}

/** Who releases a task, and whether what it reads is kept before. */
const cells = [
  { key: "data flow, stored before", release: "local", commit: "strict" },
  { key: "data flow, stored after", release: "local", commit: "pipelined" },
  { key: "control flow, stored before", release: "control", commit: "strict" },
  { key: "control flow, stored after", release: "control", commit: "pipelined" },
] as const;

const LATENCY_WORKLOAD = "chain-10";
const PEAK_WORKLOAD = "stencil-100";
const WARMUP_SHARE = 0.2;

/** Data flow against control flow, both on our engine, over a store that survives the death of the process. */
export default experiment({
  name: "data_flow",
  category: "comparison",
  question: "What is it worth that data starts tasks, and not a controller?",
  config: { num_workflows: count.max(5_000), latency_runs: count.max(100_000) },
  variants: ({ num_workflows, latency_runs }): DataFlowVariant[] =>
    cells.map(({ key, release, commit }) => ({
      key,
      labels: { release, stored: commit === "strict" ? "before the trigger" : "after the trigger", inFlight: num_workflows, cell: key },
      release,
      commit,
      inFlight: num_workflows,
      runs: latency_runs,
    })),
  async measure({ release, commit, inFlight, runs }, { call, pace, cores }) {
    const argument: DataFlowArgument = {
      ...{ release, commit, threads: cores, inFlight, runs, warmupRuns: Math.ceil(runs * WARMUP_SHARE) },
      ...{ latencyWorkload: LATENCY_WORKLOAD, peakWorkload: PEAK_WORKLOAD, ...paceOf("dataflower", pace) },
    };
    const module = new URL("../measured/data-flow.js", import.meta.url);
    const { latency, tasksPerSecond } = (await call(module, "measureDataFlow", argument)) as DataFlowFound; // as: what it returns
    const histogram = LatencyHistogram.merged([latency]);
    const [p50Us, p99Us] = [histogram.quantileUs(0.5), histogram.quantileUs(0.99)];
    return {
      metrics: { tasksPerSecond, ...(p50Us !== undefined && { p50Us }), ...(p99Us !== undefined && { p99Us }) },
      latencies: { run: latency },
      facts: { answers: [LATENCY_WORKLOAD, PEAK_WORKLOAD].map(answersDigest) },
    };
  },
  comparisons: () =>
    ["before", "after"].map((stored) => ({
      name: `peak throughput: data flow ÷ control flow, stored ${stored}`,
      metric: "tasksPerSecond",
      of: `data flow, stored ${stored}`,
      to: `control flow, stored ${stored}`,
    })),
  headline({ ratios, variants }) {
    const [peak] = ratios;
    if (peak === undefined) return "not measured";
    const tails = variants.map(({ key, latencies }) => `${key} ${microseconds(latencies.run?.p99 ?? latencies.run?.p50)}`);
    return `${peak.name} ${ratioWithInterval(peak)} ×; ${variants.every(({ latencies }) => latencies.run?.p99 !== undefined) ? "P99" : "P50"} of ${LATENCY_WORKLOAD}: ${tails.join(", ")}`;
  },
  figure(summary) {
    const inFlight = summary.variants[0]?.labels.inFlight;
    return [
      {
        kind: "bars",
        name: "data-flow-peak",
        title: "How many more tasks does it get through when data starts them?",
        subtitle: subtitleOf(summary, `${PEAK_WORKLOAD}, ${inFlight} workflows in flight, LMDB at process`),
        x: { name: "tasks/s", scale: "log" },
        format: "rate",
        bars: barsOf(summary, { name: "cell", metric: "tasksPerSecond", highlighted: cells[0].key }),
      },
      {
        kind: "bars",
        name: "data-flow-latency",
        title: "How much sooner is a workflow done when data starts its tasks?",
        subtitle: subtitleOf(summary, `${LATENCY_WORKLOAD}, one run in flight, LMDB at process; P50 and P99 of all rounds together`),
        x: { name: "µs from the start of a run to its answer", scale: "log" },
        format: "us",
        bars: summary.variants.flatMap(({ key, latencies }) => [
          { name: `${key}: P50`, value: latencies.run?.p50, isHighlighted: key === cells[0].key },
          { name: `${key}: P99`, value: latencies.run?.p99, isHighlighted: key === cells[0].key },
        ]),
      },
    ];
  },
});
