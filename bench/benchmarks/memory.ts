import { measureKeyedUnits } from "../harness/keyed-units.js";
import type { Estimate } from "../harness/statistics.js";
import type { LinePicture } from "../report/plots/picture.js";
import { count, milliseconds, threeDigits } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { Benchmark } from "./benchmark.js";
import { type MemoryFigures, memoryFigures, memoryUnits, type PendingFigure, type ResidentFigure } from "./memory-figures.js";

export const memory: Benchmark = {
  title: "what pending tasks, a large graph and many runs in a row take of memory",
  async measure(options) {
    const { samples, note } = await measureKeyedUnits("memory", memoryUnits(options), options);
    const figures = memoryFigures(samples, options);
    return { text: `${render(figures)}${note}`, samples, summary: figures, plots: [plotOf(figures.resident)] };
  },
};

function render({ pending, largeGraph, resident }: MemoryFigures): string {
  const { tasks, startMs, runMs, residentMb } = largeGraph;
  return [
    pendingTable(pending),
    "",
    PENDING,
    `A stencil of ${count(tasks)} tasks: at most ${withInterval(residentMb)} MB resident; ${milliseconds(startMs.median)} to compile and load it, ${milliseconds(runMs.median)} to run it.`,
    `${count(resident.runs)} runs of ten tasks in a row: the second half makes the process grow by ${withInterval(resident.growthMb)} MB, by the slope of its readings.`,
    "",
  ].join("\n");
}

const PENDING =
  "Bytes a task, of tasks of live runs that have not started; ready: their inputs exist. What is there while they are pending, after a full collection,\n" +
  "less what was there before the run: counters, values, ready tasks, and what the run itself takes. With graph: the compiled graph, too, which all runs\n" +
  "share. 0 workers: all that the engine holds is in one heap; 1: the worker's part. Resident: the same of the whole process, without a look at garbage.\n";

function pendingTable(figures: readonly PendingFigure[]): string {
  const right = ["workers", "runs", "tasks", "bytes a task", "with graph", "resident"].map((title) => ({ title, align: "right" as const }));
  return table(
    [{ title: "tasks are", align: "left" }, ...right],
    figures.map(({ stage, workers, runs, pending, bytes, withGraph, resident }) => [
      stage,
      String(workers),
      count(runs),
      count(pending),
      ...[bytes, withGraph, resident].map(withInterval),
    ]),
  );
}

function withInterval({ median, low, high }: Estimate): string {
  return low === high ? threeDigits(median) : `${threeDigits(median)} [${threeDigits(low)}, ${threeDigits(high)}]`;
}

/** As many rounds as there are colours. */
const CURVES_MAX = 8;

function plotOf({ runs, curves }: ResidentFigure): LinePicture {
  return {
    kind: "lines",
    name: "resident",
    title: `Memory of the process over ${count(runs)} runs in a row`,
    subtitle: "runs of ten tasks, 64 in flight; a line a process",
    x: { name: "runs" },
    y: { name: "resident set in MB" },
    lines: curves.slice(0, CURVES_MAX).map((readings, round) => ({
      name: `round ${round + 1}`,
      points: readings.map((reading) => ({ x: reading.runs, y: reading.residentBytes / 1e6 })),
    })),
  };
}
