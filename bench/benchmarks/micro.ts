import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import type { MeasuredOperation, MicroSample } from "../harness/measurements/micro.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { bootstrapMedian, type Estimate } from "../harness/statistics.js";
import { familyNames } from "../micro/families.js";
import { Progress } from "../report/progress.js";
import { count, threeDigits } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { Benchmark } from "./benchmark.js";

/** The parts of which a task is made, each alone: from the figures a floor of what a task costs can be computed. */
export const micro: Benchmark = {
  title: "what each part costs alone: queue, ring, arena, copy, codec, mailbox, actors, timers, policies, histograms",
  async measure(options) {
    const progress = new Progress("micro");
    const rounds = await measureRounds({
      units: familyNames.map((family) => unitOf(family, options)),
      rounds: options.rounds,
      seed: options.seed,
      measure: (unit: Unit) => measureInFreshProcess(unit),
      progress: (unit, done, total) => progress.update(done, total, unit.workloads.join()),
    });
    progress.end();
    // as: child.ts prints what micro.ts returns
    const samples = rounds.flatMap((round, index) => round.samples.flat().map((sample) => ({ round: index, ...(sample as MicroSample) })));
    const summary = summarise(
      samples.flatMap(({ operations }) => operations),
      options.seed,
    );
    return { text: `${render(summary)}\n${disturbance(rounds)}`, samples, summary, plots: [] };
  },
};

function unitOf(family: string, { isQuick }: MeasuringOptions): Unit {
  const pace = isQuick ? { warmupMs: 1, measureMs: 1, readyTasksMax: 1_000 } : { warmupMs: 100, measureMs: 400, readyTasksMax: 1_000_000 };
  return { contender: "dataflower", workloads: [family], parameters: { measure: "micro", ...pace } };
}

interface Row {
  readonly name: string;
  /** Of one operation, in ns; median of the rounds. */
  readonly ns: Estimate;
  /** How many were timed, in all rounds. */
  readonly count: number;
}

function summarise(measured: readonly MeasuredOperation[], seed: number): Row[] {
  const names = [...new Set(measured.map(({ name }) => name))];
  return names.map((name) => {
    const ofName = measured.filter((operation) => operation.name === name);
    const ns = bootstrapMedian(
      ofName.map(({ medianNs }) => medianNs),
      seed,
    );
    return { name, ns, count: ofName.reduce((sum, { batches, calls }) => sum + batches * calls, 0) };
  });
}

function render(rows: readonly Row[]): string {
  const columns = [
    { title: "operation", align: "left" as const },
    ...["ns", "95 %", "n"].map((title) => ({ title, align: "right" as const })),
  ];
  const cells = rows.map(({ name, ns, count: n }) => [
    name,
    threeDigits(ns.median),
    `${threeDigits(ns.low)} – ${threeDigits(ns.high)}`,
    count(n),
  ]);
  return table(columns, cells);
}
