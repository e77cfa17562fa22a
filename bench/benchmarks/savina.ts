import { type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import type { SavinaSample } from "../harness/measurements/savina.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { bootstrapMedian, type Estimate } from "../harness/statistics.js";
import { count, milliseconds, rate } from "../report/quantities.js";
import { table } from "../report/table.js";
import { savinaBenchmarks } from "../savina/benchmarks.js";
import type { Savina } from "../savina/savina.js";
import type { Benchmark } from "./benchmark.js";

const WORKER_COUNTS = [1, 2] as const;
const WARMUP_RUNS = 2;

interface Row {
  readonly name: string;
  readonly size: string;
  /** By number of workers. */
  readonly runs: readonly { readonly workers: number; readonly ms: Estimate; readonly messages: number }[];
}

/** Every benchmark of the suite, at its default size, its actors on one worker and across two. */
export const savina: Benchmark = {
  title: "the Savina benchmarks of actors, within one worker and across two",
  async measure(options) {
    const { samples, note } = await measureKeyedUnits<SavinaSample>("savina", unitsOf(options), options);
    const rows = savinaBenchmarks.map((benchmark) => rowOf(benchmark, samples, options));
    return { text: `${render(rows)}\n\n${NOTE}${note}`, samples, summary: rows, plots: [] };
  },
};

const keyOf = ({ name }: Savina, workers: number) => `${name} ${workers}`;

function unitsOf({ isQuick }: MeasuringOptions): KeyedUnit[] {
  return savinaBenchmarks.flatMap((benchmark) =>
    WORKER_COUNTS.map((workers): KeyedUnit => {
      const pace = isQuick ? ({ scale: "tiny", warmup: 0 } as const) : ({ scale: "full", warmup: WARMUP_RUNS } as const);
      return {
        key: keyOf(benchmark, workers),
        contender: "dataflower",
        workloads: [benchmark.name],
        parameters: { measure: "savina", workers, ...pace },
      };
    }),
  );
}

function rowOf(benchmark: Savina, all: readonly (SavinaSample & { readonly key: string })[], { seed, isQuick }: MeasuringOptions): Row {
  const runs = WORKER_COUNTS.map((workers) => {
    const samples = all.filter(({ key }) => key === keyOf(benchmark, workers));
    const ms = bootstrapMedian(
      samples.map(({ elapsedMs }) => elapsedMs),
      seed,
    );
    return { workers, ms, messages: samples[0]?.messages ?? 0 };
  });
  return { name: benchmark.name, size: `${count(benchmark.sizes[isQuick ? "tiny" : "full"])} ${benchmark.sized}`, runs };
}

const NOTE = `A run of each after two that do not count, spawning of its first actors included. Messages are those that the benchmark's definition names;
what spawns and asks comes on top.
`;

function render(rows: readonly Row[]): string {
  const titles = WORKER_COUNTS.flatMap((workers) => {
    const place = workers === 1 ? "one worker" : `${workers} workers`;
    return [place, "messages/s"];
  });
  const columns = [
    { title: "benchmark", align: "left" as const },
    ...titles.map((title) => ({ title, align: "right" as const })),
    { title: "size", align: "left" as const },
  ];
  const cells = rows.map(({ name, size, runs }) => [
    name,
    ...runs.flatMap(({ ms, messages }) => [milliseconds(ms.median), rate((messages / ms.median) * 1000)]),
    size,
  ]);
  return table(columns, cells);
}
