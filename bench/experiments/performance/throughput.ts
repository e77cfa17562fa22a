import type { Throughput } from "../../harness/closed-loop.js";
import type { ContenderName } from "../../peers/graph/contenders.js";
import { TITLES } from "../../peers/titles.js";
import { rateWithInterval, ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, listOf, size, workloadShape } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";

const contenders = [
  "dataflower",
  "promises",
  "promises-threads",
  "async-auto",
  "piscina-run",
  "piscina-task",
] as const satisfies ContenderName[];

interface ThroughputVariant extends Variant {
  readonly contender: (typeof contenders)[number];
  readonly workload: string;
  readonly inFlight: number;
}

const keyOf = (contender: string, workload: string) => `${contender} ${workload}`;

export default experiment({
  name: "throughput",
  category: "performance",
  question: "How many tasks a second do workflows of each size and shape get through?",
  config: {
    num_workflows: count.max(5_000),
    workflow_sizes: listOf(size),
    shapes: listOf(workloadShape),
  },
  variants: ({ num_workflows, workflow_sizes, shapes }): ThroughputVariant[] =>
    shapes.flatMap((shape) =>
      workflow_sizes.flatMap((tasks) => contenders.map((contender) => variantOf(contender, shape, tasks, num_workflows))),
    ),
  async measure({ contender, workload, inFlight }, { unit, pace, cores }) {
    const parameters = { measure: "throughput", threads: cores, handlers: "sync", inFlight, ...paceOf(contender, pace) } as const;
    const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [Throughput]; // as: what this measurement prints
    return { metrics: { tasksPerSecond: sample.tasksPerSecond }, facts: { answers: answersDigest(workload) }, details: sample };
  },
  comparisons: (variants) =>
    variants
      .filter(({ contender }) => contender !== "dataflower")
      .map(({ key, contender, workload }) => ({
        name: `DataFlower ÷ ${TITLES[contender]}, ${workload}`,
        metric: "tasksPerSecond",
        of: keyOf("dataflower", workload),
        to: key,
      })),
  headline({ ratios, variants }) {
    const largest = ratios.filter(({ to }) => to.startsWith("async-auto")).at(-1);
    const ours = variants.find(({ key }) => key === largest?.of)?.metrics.tasksPerSecond;
    if (largest === undefined || ours === undefined) return "not measured";
    return `${largest.of.replace("dataflower ", "")}: ${rateWithInterval(ours)} tasks/s, ${ratioWithInterval(largest)} × async.auto`;
  },
  figure: (summary) => {
    const shapes = [...new Set(summary.variants.map(({ labels }) => String(labels.shape)))];
    return shapes.map((shape) => ({
      kind: "lines",
      name: `throughput-${shape}`,
      title: "How many tasks a second do workflows of each size get through?",
      subtitle: subtitleOf(
        summary,
        `${shape}, up to ${summary.variants[0]?.labels.inFlight} workflows in flight (those without threads: one at a time, on one core)`,
      ),
      x: { name: "tasks of a workflow", scale: "log" },
      y: { name: "tasks/s", scale: "log" },
      lines: linesOf(
        summary.variants.filter(({ labels }) => labels.shape === shape),
        { line: "contender", x: "tasks", y: "tasksPerSecond" },
      ),
    }));
  },
});

function variantOf(contender: ThroughputVariant["contender"], shape: string, tasks: number, inFlight: number): ThroughputVariant {
  const workload = `${shape}-${tasks}`;
  return {
    key: keyOf(contender, workload),
    labels: { contender: TITLES[contender], shape, tasks, inFlight },
    contender,
    workload,
    inFlight,
  };
}
