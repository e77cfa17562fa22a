import { z } from "zod";
import type { Throughput } from "../../harness/closed-loop.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import type { Parameters } from "../../harness/unit.js";
import { isTree } from "../../peers/durable/tree.js";
import { ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { graphOf } from "../../workloads/graphs.js";
import { count } from "../config-values.js";
import { barsOf, subtitleOf } from "../drawing.js";
import { Absent, experiment, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";

/** A real system, and what kind of system it is. */
interface Rival {
  readonly contender: string;
  readonly title: string;
  readonly kind: "ours" | "simple" | "parallel" | "queue";
  /** Whether it keeps runs in Redis, which flushes once a second. */
  readonly isDurable: boolean;
}

const rivals: readonly Rival[] = [
  { contender: "dataflower", title: "DataFlower", kind: "ours", isDurable: false },
  { contender: "promises", title: "Promise.all", kind: "simple", isDurable: false },
  { contender: "promises-threads", title: "Promise.all in threads", kind: "parallel", isDurable: false },
  { contender: "async-auto", title: "async.auto", kind: "simple", isDurable: false },
  { contender: "p-graph", title: "p-graph", kind: "simple", isDurable: false },
  { contender: "piscina-task", title: "piscina, a task a message", kind: "parallel", isDurable: false },
  { contender: "poolifier-task", title: "poolifier, a task a message", kind: "parallel", isDurable: false },
  { contender: "dataflower", title: "DataFlower on Redis", kind: "ours", isDurable: true },
  { contender: "bullmq-jobs", title: "BullMQ jobs", kind: "queue", isDurable: true },
  { contender: "bullmq-flow", title: "BullMQ flow", kind: "queue", isDurable: true },
];

interface RivalVariant extends Variant, Rival {
  readonly workload: string;
  readonly inFlight: number;
}

const keyOf = ({ title }: Pick<Rival, "title">, workload: string) => `${title}, ${workload}`;

export default experiment({
  name: "real_systems",
  category: "comparison",
  question: "How fast are real systems at the same graphs?",
  config: {
    num_workflows: count.max(5_000),
    workloads: z.array(z.string().refine(isWorkload, "Must name a shape and a size, such as stencil-100")).min(1),
  },
  variants: ({ num_workflows, workloads }): RivalVariant[] =>
    workloads.flatMap((workload) =>
      rivals
        .filter(({ contender }) => contender !== "bullmq-flow" || isTree(graphOf(workload)))
        .map((rival) => ({
          key: keyOf(rival, workload),
          labels: {
            system: rival.title,
            kind: rival.kind,
            workload,
            inFlight: num_workflows,
            kept: rival.isDurable ? "Redis, AOF everysec" : "no",
          },
          ...rival,
          workload,
          inFlight: num_workflows,
        })),
    ),
  async measure({ contender, isDurable, workload, inFlight }, { unit, pace, cores }) {
    if (isDurable && !hasRedisServer()) throw new Absent("redis-server is not installed");
    const how = { threads: cores, inFlight, ...paceOf(contender, pace) };
    const parameters: Parameters = isDurable
      ? { measure: "durable", store: "redis", durability: "process", commit: "strict", ...how }
      : { measure: "throughput", handlers: "sync", ...how };
    const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [Throughput]; // as: what these measurements print
    return { metrics: { tasksPerSecond: sample.tasksPerSecond }, facts: { answers: answersDigest(workload) }, details: sample };
  },
  /** Each beside ours that promises as much: in memory, or kept in Redis. */
  comparisons: (variants) =>
    variants
      .filter(({ kind }) => kind !== "ours")
      .map(({ key, title, workload, isDurable }) => {
        const ours = rivals.find((rival) => rival.kind === "ours" && rival.isDurable === isDurable)!; // there is one of each
        return { name: `${ours.title} ÷ ${title}, ${workload}`, metric: "tasksPerSecond", of: keyOf(ours, workload), to: key };
      }),
  headline({ ratios }) {
    const told = ratios.filter(({ name }) => name.includes("async.auto") || name.includes("BullMQ jobs"));
    return told.length === 0 ? "not measured" : told.map((ratio) => `${ratio.name} ${ratioWithInterval(ratio)}`).join("; ");
  },
  figure: (summary) =>
    [...new Set(summary.variants.map(({ labels }) => String(labels.workload)))].map((workload) => {
      const variants = summary.variants.filter(({ labels }) => labels.workload === workload);
      return {
        kind: "bars",
        name: `real-systems-${workload}`,
        title: `How fast are real systems at ${workload}?`,
        subtitle: subtitleOf(summary, `${variants[0]?.labels.inFlight} workflows in flight, all cores; those on Redis keep every step`),
        x: { name: "tasks/s", scale: "log" },
        format: "rate",
        bars: barsOf({ ...summary, variants }, { name: "system", metric: "tasksPerSecond" }).map((bar) => ({
          ...bar,
          isHighlighted: bar.name.startsWith("DataFlower"),
        })),
      };
    }),
});

function isWorkload(name: string): boolean {
  try {
    return graphOf(name).size > 0;
  } catch {
    return false;
  }
}
