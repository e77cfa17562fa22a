import { z } from "zod";
import { type DispatchCostsParameters, fullDispatchCosts, type MeasuredCosts } from "../../harness/measurements/dispatch-costs.js";
import { bootstrapMedian, type Estimate } from "../../harness/statistics.js";
import type { Line, Picture } from "../../report/plots/picture.js";
import { milliseconds } from "../../report/quantities.js";
import type { SpinGrid } from "../../workloads/spin-grid.js";
import { count, listOf } from "../config-values.js";
import { estimateOf, subtitleOf } from "../drawing.js";
import { experiment, type MeasureContext, type Variant } from "../experiment.js";
import type { SimulatedGrid, SpinGridRuns } from "../measured/spin-grid-runs.js";
import { paceOf } from "../pace-of.js";
import type { Measured } from "../sample.js";
import type { Summary, VariantSummary } from "../summary.js";

/** As many as there are threads for everywhere. */
const REAL_WORKERS = [1, 2] as const;
/** Real runs and simulations with what tasks cost in the same round, in one variant; the same simulations with costs that are always the same. */
const MEASURED = "measured costs";
const FIXED = "fixed costs";

interface SimulatedVariant extends Variant {
  readonly kind: typeof MEASURED | typeof FIXED;
  readonly grid: SpinGrid;
  readonly workerCounts: readonly number[];
  readonly fixedCosts: MeasuredCosts;
  readonly runs: number;
}

/** Each takes 0.16 s, and on two free cores half of them tell enough. */
const HOP_RUNS_MAX = 80;
const module = new URL("../measured/spin-grid-runs.js", import.meta.url);
const realMetric = (workers: number) => `real${workers}Ms`;
const simulatedMetric = (workers: number) => `simulated${workers}Ms`;
const errorName = (workers: number) => `error at ${workers} workers`;
const cost = z.number().min(0);

export default experiment({
  name: "simulated_workers",
  category: "scalability",
  question: "How much faster would more workers be than this machine has?",
  config: {
    worker_counts: listOf(count.max(65_536)),
    width: count.max(10_000),
    depth: count.max(1_000),
    task_us: count.max(1_000_000),
    fixed_costs: z.strictObject({ dispatch_us: cost, hop_us: cost, commit_us: cost }),
    runs: count.max(100),
  },
  variants: ({ worker_counts, width, depth, task_us, fixed_costs, runs }): SimulatedVariant[] =>
    [MEASURED, FIXED].map((kind) => ({
      key: kind,
      labels: { costs: kind, width, depth, taskUs: task_us, workerCounts: worker_counts.join(" ") },
      kind: kind as SimulatedVariant["kind"], // as: one of the two above
      grid: { width, depth, taskUs: task_us },
      workerCounts: worker_counts,
      fixedCosts: costsOf(fixed_costs),
      runs,
    })),
  async measure(variant, context) {
    if (variant.kind === MEASURED) return measureBeside(variant, context);
    const makespansMs = await simulated(variant, variant.fixedCosts, context);
    return { metrics: simulatedMetrics(variant, makespansMs), facts: { makespansMs } };
  },
  derive: (samples, _, seed) =>
    Object.fromEntries(
      REAL_WORKERS.flatMap((workers) => {
        const errors = samples.flatMap(({ metrics }) => {
          const [real, simulation] = [metrics?.[realMetric(workers)], metrics?.[simulatedMetric(workers)]];
          return real === undefined || simulation === undefined ? [] : [simulation / real - 1];
        });
        return errors.length === 0 ? [] : [[errorName(workers), bootstrapMedian(errors, seed)] as const];
      }),
    ),
  headline(summary) {
    const errors = REAL_WORKERS.flatMap((workers) => {
      const error = summary.derived[errorName(workers)];
      return error === undefined ? [] : [`${percent(error)} at ${workers}`];
    });
    if (errors.length === 0) return "not measured";
    const most = countsOf(summary).at(-1)!;
    const [one, many] = [1, most].map((workers) => summary.variants[0]?.metrics[simulatedMetric(workers)]?.median);
    const speedUp =
      one === undefined || many === undefined ? "" : `; ${most} simulated workers are ${(one / many).toFixed(1)} × as fast as one`;
    return `simulated makespan off the real one by ${errors.join(", ")}${speedUp}`;
  },
  figure: (summary) => [makespanPicture(summary), speedUpPicture(summary)],
});

function costsOf({ dispatch_us, hop_us, commit_us }: { dispatch_us: number; hop_us: number; commit_us: number }): MeasuredCosts {
  const always = (us: number) => ({ p50: us, p90: us, p99: us, max: us });
  return { dispatchUs: dispatch_us, hopUs: always(hop_us), commitUs: always(commit_us) };
}

/** Costs, real runs and simulations one after the other, so that they have met the same machine. */
async function measureBeside(variant: SimulatedVariant, context: MeasureContext): Promise<Measured> {
  const { call, pace, profile } = context;
  const wanted: DispatchCostsParameters = {
    ...fullDispatchCosts,
    ...paceOf("dataflower", pace),
    hopRunsMax: HOP_RUNS_MAX,
    ...(profile === "quick" && { hopRunsMax: 2, commits: 100 }),
  };
  const costs = (await call(module, "measureCosts", wanted)) as MeasuredCosts; // as: what it returns
  const realMs: number[] = [];
  for (const workers of REAL_WORKERS) {
    const runs: SpinGridRuns = { ...variant.grid, workers, runs: variant.runs };
    realMs.push((await call(module, "measureSpinGrid", runs)) as number); // as: what it returns
  }
  const makespansMs = await simulated(variant, costs, context);
  return {
    metrics: {
      dispatchUs: costs.dispatchUs,
      ...(costs.hopUs && { hopP50Us: costs.hopUs.p50 }),
      ...(costs.commitUs && { commitP50Us: costs.commitUs.p50 }),
      ...Object.fromEntries(REAL_WORKERS.map((workers, at) => [realMetric(workers), realMs[at]!])),
      ...simulatedMetrics(variant, makespansMs),
    },
    details: { costs },
  };
}

function simulated({ grid, workerCounts }: SimulatedVariant, costs: MeasuredCosts, { call }: MeasureContext): Promise<number[]> {
  const wanted: SimulatedGrid = { ...grid, workerCounts, costs };
  return call(module, "simulateSpinGrid", wanted) as Promise<number[]>; // as: what it returns
}

function simulatedMetrics({ workerCounts }: SimulatedVariant, makespansMs: readonly number[]): Record<string, number> {
  return Object.fromEntries(workerCounts.map((workers, at) => [simulatedMetric(workers), makespansMs[at]!]));
}

const percent = ({ median, low, high }: Estimate): string => {
  const [middle, from, to] = [median, low, high].map((share) => `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)} %`);
  return `${middle} [${from}, ${to}]`;
};

const countsOf = ({ variants }: Summary): number[] =>
  String(variants[0]?.labels.workerCounts ?? "")
    .split(" ")
    .map(Number);
const variantBy = ({ variants }: Summary, key: string): VariantSummary | undefined => variants.find((variant) => variant.key === key);

interface Grid {
  readonly tasks: number;
  readonly depth: number;
  readonly taskMs: number;
}

function gridOf({ variants }: Summary): Grid {
  const { width = 0, depth = 0, taskUs = 0 } = variants[0]?.labels ?? {};
  return { tasks: Number(width) * Number(depth), depth: Number(depth), taskMs: Number(taskUs) / 1e3 };
}

/** Work ÷ workers, or as many tasks as follow each other: no schedule is shorter. */
const boundMs = ({ tasks, depth, taskMs }: Grid, workers: number): number => Math.max((tasks * taskMs) / workers, depth * taskMs);

function linesBy(summary: Summary, y: (metric: Estimate | undefined) => Line["points"][number]["y"]): Line[] {
  const [beside, fixed] = [variantBy(summary, MEASURED), variantBy(summary, FIXED)];
  const points = (variant: VariantSummary | undefined, counts: readonly number[], metric: (workers: number) => string) =>
    counts.map((x) => ({ x, y: y(estimateOf(variant?.metrics[metric(x)])) }));
  const counts = countsOf(summary);
  return [
    { name: "real threads", points: points(beside, REAL_WORKERS, realMetric) },
    { name: "simulated, with the costs measured here", points: points(beside, counts, simulatedMetric), stroke: "dashed" },
    { name: "simulated, with fixed costs", points: points(fixed, counts, simulatedMetric), stroke: "dashed" },
  ];
}

function loadOf(summary: Summary): string {
  const { tasks, depth, taskMs } = gridOf(summary);
  const errors = REAL_WORKERS.map((workers) => summary.derived[errorName(workers)]).map((error) =>
    error === undefined ? "not measured" : percent(error),
  );
  return `${tasks} tasks of ${milliseconds(taskMs)} in ${depth} rows; simulated ÷ real − 1: ${errors.join(" at 1 worker, ")} at 2; hatched: simulated only`;
}

function makespanPicture(summary: Summary): Picture {
  const grid = gridOf(summary);
  return {
    ...{ kind: "lines", name: "simulated-workers-makespan", title: "How fast would more workers be than this machine has?" },
    subtitle: subtitleOf(summary, loadOf(summary)),
    x: { name: "workers", scale: "log", isWhole: true },
    y: { name: "makespan in ms", scale: "log" },
    lines: [
      ...linesBy(summary, (metric) => metric),
      { name: "no schedule is shorter", points: countsOf(summary).map((x) => ({ x, y: boundMs(grid, x) })), stroke: "dashed" },
    ],
    hatchedFrom: REAL_WORKERS.at(-1)!,
  };
}

/** Beside the work on one core without any costs. */
function speedUpPicture(summary: Summary): Picture {
  const grid = gridOf(summary);
  const workMs = boundMs(grid, 1);
  const times = (metric: Estimate | undefined) =>
    metric && { median: workMs / metric.median, low: workMs / metric.high, high: workMs / metric.low };
  return {
    ...{
      kind: "lines",
      name: "simulated-workers-speed-up",
      title: "How many times as fast as the bare work on one core would more workers be?",
    },
    subtitle: subtitleOf(summary, loadOf(summary)),
    x: { name: "workers", scale: "log", isWhole: true },
    y: { name: "times as fast", scale: "log" },
    lines: [
      ...linesBy(summary, times),
      { name: "at best", points: countsOf(summary).map((x) => ({ x, y: workMs / boundMs(grid, x) })), stroke: "dashed" },
    ],
    hatchedFrom: REAL_WORKERS.at(-1)!,
  };
}
