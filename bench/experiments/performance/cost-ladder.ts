import type { Throughput } from "../../harness/closed-loop.js";
import { bootstrapMedian } from "../../harness/statistics.js";
import { rungs } from "../../ladder/rungs.js";
import { threeDigits } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, size, workloadShape } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";
import { pairedByRound } from "../paired-by-round.js";

interface RungVariant extends Variant {
  readonly threads: number;
  readonly workload: string;
  readonly inFlight: number;
  /** Whether it takes the threads of an engine. */
  readonly isEngine: boolean;
}

/** Each rung promises one thing more than the one before it. */
export default experiment({
  name: "cost_ladder",
  category: "performance",
  question: "What does each promise cost?",
  config: { num_workflows: count.max(5_000), workflow_size: size, shape: workloadShape },
  variants: ({ num_workflows, workflow_size, shape }, { cores }): RungVariant[] =>
    rungs.map(({ name, adds, threadsOf }, at) => ({
      key: name,
      labels: { promise: adds, threads: threadsOf(cores), shape, tasks: workflow_size, inFlight: num_workflows },
      threads: threadsOf(cores),
      workload: `${shape}-${workflow_size}`,
      inFlight: num_workflows,
      isEngine: at >= rungs.findIndex((rung) => rung.name === "thread"),
    })),
  async measure({ key, threads, workload, inFlight, isEngine }, { unit, pace }) {
    const parameters = { measure: "ladder", threads, handlers: "sync", inFlight, ...paceOf(isEngine ? "dataflower" : key, pace) } as const;
    const [sample] = (await unit({ contender: key, workloads: [workload], parameters })) as [Throughput]; // as: what this measurement prints
    return {
      metrics: { nsPerTask: (threads * 1e9) / sample.tasksPerSecond },
      facts: { answers: answersDigest(workload) },
      details: sample,
    };
  },
  /** What each rung adds to the one below it, round by round. */
  derive: (samples, variants, seed) =>
    Object.fromEntries(
      variants.slice(1).flatMap(({ key }, below) => {
        const pairs = pairedByRound(samples, { metric: "nsPerTask", of: key, to: variants[below]!.key });
        const added = pairs.map(([upper, lower]) => upper - lower);
        return added.length === 0 ? [] : [[`added by ${key}, ns`, bootstrapMedian(added, seed)]];
      }),
    ),
  headline({ variants }) {
    const first = variants[0]?.metrics.nsPerTask;
    const inMemory = variants.find(({ key }) => key === "attempts")?.metrics.nsPerTask;
    const onDisk = variants.at(-1)?.metrics.nsPerTask;
    if (first === undefined || inMemory === undefined || onDisk === undefined) return "not measured";
    const [bare, all, disk] = [first, inMemory, onDisk].map(({ median }) => threeDigits(median));
    return `a bare loop takes ${bare} ns a task, every promise in memory ${all} ns, every commit on the disk ${disk} ns`;
  },
  figure: (summary) => [
    {
      kind: "bars",
      name: "cost-ladder",
      title: "What does each promise cost?",
      subtitle: subtitleOf(
        summary,
        `${summary.variants[0]?.labels.shape}-${summary.variants[0]?.labels.tasks}, time of one thread for each task`,
      ),
      x: { name: "ns a task", scale: "log" },
      format: "ns",
      bars: summary.variants.map(({ labels, metrics }) => ({
        name: labels.threads === 1 ? String(labels.promise) : `${labels.promise} (${labels.threads})`,
        value: metrics.nsPerTask,
        samples: metrics.nsPerTask?.values ?? [],
      })),
    },
  ],
});
