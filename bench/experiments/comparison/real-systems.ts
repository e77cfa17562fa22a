import { z } from "zod";
import type { Throughput } from "../../harness/closed-loop.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import type { DurableContenderName } from "../../peers/durable/contenders.js";
import { isTree } from "../../peers/durable/tree.js";
import type { ContenderName } from "../../peers/graph/contenders.js";
import { TITLES } from "../../peers/titles.js";
import type { Bar, Picture } from "../../report/plots/picture.js";
import { ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { graphOf } from "../../workloads/graphs.js";
import { count, listOf, workloadName } from "../config-values.js";
import { estimateOf, subtitleOf } from "../drawing.js";
import { Absent, experiment, type MeasureContext, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";
import type { Summary } from "../summary.js";

const inMemory = [
  "dataflower",
  "async-auto",
  "p-graph",
  "promises",
  "promises-threads",
  "piscina-task",
  "piscina-run",
  "poolifier-task",
] as const satisfies ContenderName[];

const durable = ["dataflower", "bullmq-jobs", "bullmq-flow"] as const satisfies DurableContenderName[];

const DURABLE_TITLES = {
  dataflower: "DataFlower on Redis",
  "bullmq-jobs": "BullMQ jobs",
  "bullmq-flow": "BullMQ flow",
} as const satisfies Record<(typeof durable)[number], string>;

const durabilities = ["process", "disk"] as const;
type Durability = (typeof durabilities)[number];
/** What Redis is told, to whichever contender it belongs. */
const FSYNC = { process: "fsync once a second", disk: "fsync before each acknowledgement" } as const satisfies Record<Durability, string>;

interface SystemVariant extends Variant {
  readonly keeps: "memory" | "redis";
  readonly contender: string;
  readonly workload: string;
  readonly inFlight: number;
  readonly durability: Durability;
}

/** `bullmq-jobs redis chain-10`. */
const keyOf = (contender: string, keeps: SystemVariant["keeps"], workload: string) => `${contender} ${keeps} ${workload}`;

export default experiment({
  name: "real_systems",
  category: "comparison",
  question: "How fast are DataFlower and what else there is on the same workflows?",
  config: {
    workloads: listOf(workloadName),
    in_flight: count.max(5_000),
    durable_in_flight: count.max(5_000),
    durability: z.enum(durabilities),
  },
  variants: ({ workloads, in_flight, durable_in_flight, durability }): SystemVariant[] =>
    workloads.flatMap((workload) => [
      ...inMemory.map((contender) =>
        variantOf({ contender, keeps: "memory", workload, inFlight: in_flight, durability, title: TITLES[contender] }),
      ),
      ...durable
        .filter((contender) => contender !== "bullmq-flow" || isTree(graphOf(workload)))
        .map((contender) =>
          variantOf({ contender, keeps: "redis", workload, inFlight: durable_in_flight, durability, title: DURABLE_TITLES[contender] }),
        ),
    ]),
  measure: async (variant, context) => {
    const sample = await (variant.keeps === "redis" ? measureDurable(variant, context) : measureInMemory(variant, context));
    return { metrics: { tasksPerSecond: sample.tasksPerSecond }, facts: { answers: answersDigest(variant.workload) }, details: sample };
  },
  comparisons: (variants) =>
    variants
      .filter(({ contender }) => contender !== "dataflower")
      .map(({ key, keeps, workload, labels }) => ({
        name: `DataFlower ÷ ${labels.contender}, ${workload}`,
        metric: "tasksPerSecond",
        of: keyOf("dataflower", keeps, workload),
        to: key,
      })),
  headline({ ratios }) {
    const found = [TITLES["async-auto"], TITLES["piscina-task"], DURABLE_TITLES["bullmq-jobs"]].flatMap((title) =>
      ratios.filter(({ name }) => name.startsWith(`DataFlower ÷ ${title},`)).slice(0, 1),
    );
    return found.length === 0 ? "not measured" : found.map((one) => `${one.name}: ${ratioWithInterval(one)}`).join("; ");
  },
  figure: (summary) => [...new Set(summary.variants.map(({ labels }) => String(labels.workload)))].map((one) => pictureOf(summary, one)),
});

function variantOf({ title, ...own }: Omit<SystemVariant, "key" | "labels"> & { readonly title: string }): SystemVariant {
  const { contender, keeps, workload, inFlight, durability } = own;
  const fsync = keeps === "redis" ? FSYNC[durability] : "none";
  return { key: keyOf(contender, keeps, workload), labels: { contender: title, keeps, workload, inFlight, fsync }, ...own };
}

async function measureInMemory(
  { contender, workload, inFlight }: SystemVariant,
  { unit, pace, cores }: MeasureContext,
): Promise<Throughput> {
  const parameters = { measure: "throughput", threads: cores, handlers: "sync", inFlight, ...paceOf(contender, pace) } as const;
  const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [Throughput]; // as: what this measurement prints
  return sample;
}

/** Each with a Redis of its own. BullMQ adds a task after its inputs are stored, so ours is strict, too. */
async function measureDurable(variant: SystemVariant, { unit, pace, cores }: MeasureContext): Promise<Throughput> {
  if (!hasRedisServer()) throw new Absent("redis-server is not installed");
  const { contender, workload, inFlight, durability } = variant;
  const kept = { store: "redis", durability, commit: "strict" } as const;
  const parameters = { measure: "durable", threads: cores, ...kept, inFlight, ...paceOf(contender, pace) } as const;
  const [sample] = (await unit({ contender, workloads: [workload], parameters })) as [Throughput]; // as: what this measurement prints
  return sample;
}

function pictureOf(summary: Summary, workload: string): Picture {
  const own = summary.variants.filter(({ labels }) => labels.workload === workload);
  const fsync = own.find(({ labels }) => labels.keeps === "redis")?.labels.fsync;
  const bars = own.map(({ labels, metrics, absent }): Bar => {
    const kept = labels.keeps === "redis" ? ", durable" : "";
    return {
      name: `${labels.contender}${kept}${absent === undefined ? "" : " (absent)"}`,
      value: estimateOf(metrics.tasksPerSecond),
      samples: metrics.tasksPerSecond?.values ?? [],
      isHighlighted: String(labels.contender).startsWith(TITLES.dataflower),
    };
  });
  return {
    kind: "bars",
    name: `real-systems-${workload}`,
    title: `How many tasks a second does each system get through on ${workload}?`,
    subtitle: subtitleOf(summary, `all cores; durable: Redis, ${fsync}`),
    x: { name: "tasks/s", scale: "log" },
    format: "rate",
    bars,
  };
}
