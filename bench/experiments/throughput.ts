import type { Throughput } from "../harness/closed-loop.js";
import type { Unit } from "../harness/fresh-process.js";
import { median } from "../harness/statistics.js";
import { TITLES } from "../peers/titles.js";
import { rate } from "../report/quantities.js";
import { table } from "../report/table.js";
import { type MainContender, mainContenders, measurePart, type Named, type PartContext, type PartResult } from "./part.js";

type Sample = Named & Throughput;

/** Throughput of many workflows of each shape and size, kept in progress at the same time. */
export async function measureThroughputPart(context: PartContext): Promise<PartResult> {
  const units = context.config.throughput.shapes.flatMap((shape) => mainContenders.map((contender) => unitOf(contender, shape, context)));
  const { samples, note } = await measurePart<Sample>("throughput", units, context);
  const rows = context.config.throughput.shapes
    .flatMap((shape) => workloadsOf(shape, context))
    .map((workload) => summarise(workload, samples));
  return { text: render(rows, context, note), samples, summary: rows };
}

function unitOf(contender: MainContender, shape: string, context: PartContext): Unit {
  const { pace, cores, config } = context;
  return {
    contender,
    workloads: workloadsOf(shape, context),
    parameters: {
      measure: "throughput",
      threads: cores,
      handlers: "sync",
      inFlight: config.throughput.num_workflows,
      warmupMs: pace.warmup_ms,
      measureMs: pace.measure_ms,
    },
  };
}

function workloadsOf(shape: string, { config }: PartContext): string[] {
  return config.throughput.workflow_sizes.map((size) => `${shape}-${size}`);
}

interface Row {
  readonly workload: string;
  readonly tasksPerSecond: Readonly<Record<MainContender, number>>;
  /** Fastest of those that run tasks: the plain loop has none. */
  readonly fastest: MainContender;
}

function summarise(workload: string, samples: readonly Sample[]): Row {
  const medianOf = (contender: MainContender) =>
    median(
      samples.filter((sample) => sample.contender === contender && sample.workload === workload).map((sample) => sample.tasksPerSecond),
    );
  // as: fromEntries forgets that there is an entry for every contender
  const tasksPerSecond = Object.fromEntries(mainContenders.map((contender) => [contender, medianOf(contender)])) as Record<
    MainContender,
    number
  >;
  const ranked = mainContenders.filter((contender) => contender !== "sequential").sort((a, b) => tasksPerSecond[b] - tasksPerSecond[a]);
  return { workload, tasksPerSecond, fastest: ranked[0]! };
}

function render(rows: readonly Row[], { config, cores, pace }: PartContext, note: string): string {
  const lines = table(
    [
      { title: "workflow", align: "left" },
      ...mainContenders.map((contender) => ({ title: TITLES[contender], align: "right" as const })),
      { title: "fastest", align: "left" },
    ],
    rows.map(({ workload, tasksPerSecond, fastest }) => [
      workload,
      ...mainContenders.map((contender) => rate(tasksPerSecond[contender])),
      TITLES[fastest],
    ]),
  );
  const title = `Throughput in tasks/s: ${config.throughput.num_workflows} workflows in progress, ${cores} threads for DataFlower and piscina; every answer checked`;
  const cold = `Each had ${pace.warmup_ms} ms to warm up at each size; who brings more code is still cold then. After 2 s: npm run goals -- throughput.\n`;
  return `${title}\n\n${lines}\n\n${verdict(rows)}${cold}${note}`;
}

function verdict(rows: readonly Row[]): string {
  const wins = mainContenders
    .map((contender) => ({ contender, rows: rows.filter(({ fastest }) => fastest === contender) }))
    .filter((win) => win.rows.length > 0);
  const said = wins.map((win) => `${TITLES[win.contender]} in ${win.rows.length} of ${rows.length}`);
  return `The plain loop is the work alone, without tasks. Of those that run tasks the fastest is ${said.join(", ")}.\n`;
}
