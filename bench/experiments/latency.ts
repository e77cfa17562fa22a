import type { Unit } from "../harness/fresh-process.js";
import type { LatencySample, OwnLatency } from "../harness/measurements/latency.js";
import { type OpenLoopSummary, summariseOpenLoop } from "../harness/open-loop/summary.js";
import { median } from "../harness/statistics.js";
import { TITLES } from "../peers/titles.js";
import { count, microseconds, rate } from "../report/quantities.js";
import { table } from "../report/table.js";
import { type MainContender, mainContenders, measurePart, type Named, type PartContext, type PartResult } from "./part.js";

type Sample = Named & LatencySample;

/** Latency of small runs from the moment they should have started, at a share of what the contender can do. */
export async function measureLatencyPart(context: PartContext): Promise<PartResult> {
  const { samples, note } = await measurePart<Sample>(
    "latency",
    mainContenders.map((contender) => unitOf(contender, context)),
    context,
  );
  const rows = mainContenders.map((contender) => summarise(contender, samples));
  return { text: render(rows, context, note), samples, summary: rows };
}

/** One thread less than cores: the control thread submits all the time, and an open loop shows what happens when it has no core of its own. */
function unitOf(contender: MainContender, { config, pace, cores }: PartContext): Unit {
  const { shape, workflow_size, in_flight, load } = config.latency;
  return {
    contender,
    workloads: [`${shape}-${workflow_size}`],
    parameters: {
      measure: "latency",
      threads: Math.max(1, cores - 1),
      handlers: "sync",
      inFlight: in_flight,
      warmupMs: pace.warmup_ms,
      measureMs: pace.measure_ms,
      share: load,
      openLoopMs: pace.open_loop_ms,
      seed: config.seed,
    },
  };
}

interface Row extends OpenLoopSummary {
  readonly contender: MainContender;
  readonly capacityPerSecond: number;
  readonly offeredPerSecond: number;
  readonly own?: LatencySample["own"];
}

function summarise(contender: MainContender, all: readonly Sample[]): Row {
  const samples = all.filter((sample) => sample.contender === contender);
  const own = samples.at(-1)?.own;
  return {
    contender,
    capacityPerSecond: median(samples.map((sample) => sample.capacityPerSecond)),
    offeredPerSecond: median(samples.map((sample) => sample.offeredPerSecond)),
    ...summariseOpenLoop(samples),
    ...(own ? { own } : {}),
  };
}

function render(rows: readonly Row[], { config, cores }: PartContext, note: string): string {
  const { shape, workflow_size, load } = config.latency;
  const numbers = ["capacity/s", "offered/s", "n", "P50", "P90", "P99", "max", "late P50"].map((title) => ({
    title,
    align: "right" as const,
  }));
  const lines = table(
    [{ title: "contender", align: "left" }, ...numbers, { title: "verdict", align: "left" }],
    rows.map((row) => [
      TITLES[row.contender],
      rate(row.capacityPerSecond),
      rate(row.offeredPerSecond),
      count(row.count),
      ...[row.p50, row.p90, row.p99, row.max, row.latenessP50].map(microseconds),
      row.verdict,
    ]),
  );
  const title = `Latency of ${workflow_size}-task runs (${shape}), open loop at ${load} of capacity, ${Math.max(1, cores - 1)} worker thread(s); every answer checked`;
  return `${title}\n\n${lines}\n\n${EXPLANATION}${ownLines(rows)}${note}`;
}

const EXPLANATION =
  "Counted from the intended start; late: how late the load generator was, void when that is over 20 % of P50. P99 needs 10,000 runs.\n";

function ownLines(rows: readonly Row[]): string {
  const own = rows.find(({ contender }) => contender === "dataflower")?.own;
  return own ? `DataFlower, each task: queueing ${describe(own.queue)}; service ${describe(own.service)}.\n` : "";
}

function describe({ count: n, p50, p90, p99, max }: OwnLatency): string {
  const tail = n >= 10_000 ? `, P99 ${microseconds(p99)}` : "";
  return `P50 ${microseconds(p50)}, P90 ${microseconds(p90)}${tail}, max ${microseconds(max)} (n ${count(n)})`;
}
