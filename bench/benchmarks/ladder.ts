import type { Throughput } from "../harness/closed-loop.js";
import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { fullPace, quickPace } from "../harness/pace.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { bootstrapMedian, type Estimate } from "../harness/statistics.js";
import { type Rung, rungs } from "../ladder/rungs.js";
import type { BarPicture } from "../report/plots/picture.js";
import { Progress } from "../report/progress.js";
import { rate, threeDigits } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { Benchmark } from "./benchmark.js";

const WORKLOAD = "stencil-100";
const IN_FLIGHT = 64;

/** What each promise costs: the same graph on rungs of which each promises one thing more than the one before it. */
export const ladder: Benchmark = {
  title: `what each promise adds to a task of ${WORKLOAD}, sync handlers`,
  async measure(options) {
    const progress = new Progress("ladder");
    const rounds = await measureRounds({
      units: rungs.map((rung) => ({ rung, unit: unitOf(rung, options) })),
      rounds: options.rounds,
      seed: options.seed,
      // as: child.ts prints what ladder.ts returns
      measure: async ({ unit, rung }) => sampleOf(rung, options.cores, (await measureInFreshProcess(unit))[0] as Throughput),
      progress: ({ rung }, done, total) => progress.update(done, total, rung.name),
    });
    progress.end();
    const summary = summarise(
      rounds.map((round) => round.samples.map(({ nsPerTask }) => nsPerTask)),
      options,
    );
    const samples = rounds.flatMap((round, index) => round.samples.map((sample) => ({ round: index, ...sample })));
    return { text: `${render(summary)}\n\n${NOTE}${disturbance(rounds)}`, samples, summary, plots: [plotOf(summary)] };
  },
};

function unitOf(rung: Rung, { cores, isQuick }: MeasuringOptions): Unit {
  const pace = isQuick ? quickPace : fullPace;
  return {
    contender: rung.name,
    workloads: [WORKLOAD],
    parameters: { measure: "ladder", threads: rung.threadsOf(cores), handlers: "sync", inFlight: IN_FLIGHT, ...pace },
  };
}

interface Sample extends Throughput {
  readonly rung: string;
  readonly threads: number;
  readonly nsPerTask: number;
}

function sampleOf({ name, threadsOf }: Rung, cores: number, throughput: Throughput): Sample {
  const threads = threadsOf(cores);
  return { rung: name, threads, nsPerTask: (threads * 1e9) / throughput.tasksPerSecond, ...throughput };
}

interface Row {
  readonly rung: string;
  readonly adds: string;
  readonly threads: number;
  /** Time of a thread for each task, in ns. */
  readonly ns: Estimate;
  /** More than on the rung before, round by round; the lowest has none before it. */
  readonly added: Estimate | undefined;
  /** Of all threads together. */
  readonly tasksPerSecond: number;
}

/** @param rounds of each, ns a task by rung */
function summarise(rounds: readonly (readonly number[])[], { cores, seed }: MeasuringOptions): Row[] {
  return rungs.map(({ name, adds, threadsOf }, at) => {
    const threads = threadsOf(cores);
    const ns = bootstrapMedian(
      rounds.map((round) => round[at]!),
      seed,
    );
    const differences = rounds.map((round) => round[at]! - (round[at - 1] ?? 0));
    return {
      rung: name,
      adds,
      threads,
      ns,
      added: at === 0 ? undefined : bootstrapMedian(differences, seed),
      tasksPerSecond: (threads * 1e9) / ns.median,
    };
  });
}

const NOTE = `ns of one thread for each task: elapsed time × threads that execute tasks ÷ tasks. The thread that submits and takes the answers is not among
them, but where there are as many workers as cores it shares these.
`;

function render(rows: readonly Row[]): string {
  const columns = [
    { title: "what is promised", align: "left" as const },
    ...["threads", "ns a task [95 %]", "added [95 %]", "tasks/s"].map((title) => ({ title, align: "right" as const })),
  ];
  const cells = rows.map(({ adds, threads, ns, added, tasksPerSecond }) => [
    adds,
    String(threads),
    withInterval(ns),
    added === undefined ? "" : withInterval(added),
    rate(tasksPerSecond),
  ]);
  return table(columns, cells);
}

const withInterval = ({ median, low, high }: Estimate): string => `${threeDigits(median)} [${threeDigits(low)}, ${threeDigits(high)}]`;

function plotOf(rows: readonly Row[]): BarPicture {
  return {
    kind: "bars",
    name: "ladder",
    title: "What each promise costs",
    subtitle: `${WORKLOAD}, sync handlers; time of a thread for each task, with 95 % intervals`,
    x: { name: "ns a task" },
    bars: rows.map(({ adds, ns, threads }) => ({ name: threads === 1 ? adds : `${adds} (${threads})`, value: ns })),
    format: "ns",
  };
}
