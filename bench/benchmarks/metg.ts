import type { Estimate } from "../harness/statistics.js";
import type { StencilContender } from "../peers/stencil-1d/contenders.js";
import type { LinePicture } from "../report/plots/picture.js";
import { microseconds } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { Benchmark } from "./benchmark.js";
import { type Metg, type MetgCurve, measureMetgCurves } from "./metg-curves.js";

const NAMES: Readonly<Record<StencilContender, string>> = {
  dataflower: "DataFlower",
  "dataflower-latency": "DataFlower, profile latency",
  "piscina-task": "piscina, a task a message",
};
const contenders = Object.keys(NAMES) as StencilContender[]; // as: Object.keys forgets that the keys are known

export const metg: Benchmark = {
  title: "METG: the smallest tasks with which all cores still do half, or four fifths, of the work that they could do",
  async measure(options) {
    const { curves, samples, note } = await measureMetgCurves(contenders, options);
    return { text: `${render(curves)}\n\n${EXPLANATION}${note}`, samples, summary: curves, plots: [plotOf(curves)] };
  },
};

const EXPLANATION =
  "stencil_1d of Task Bench, 1,000 steps, W columns; every task checks its inputs. Size of a task: wall time × cores ÷ tasks. Least share: tasks of the\n" +
  "worker with the fewest at that size; a dash where nobody tells. Against plain threads that run the same kernel, in the same rounds.\n";

function render(curves: readonly MetgCurve[]): string {
  const columns = [
    { title: "contender", align: "left" as const },
    ...["W", "METG(50 %)", "95 %", "least share", "METG(80 %)", "95 %", "least share"].map((title) => ({ title, align: "right" as const })),
  ];
  return table(
    columns,
    curves.map(({ contender, width, metg: found }) => [NAMES[contender], String(width), ...found.flatMap(cellsOf)]),
  );
}

function cellsOf({ us, smallestShare }: Metg): string[] {
  return [size(us.median), intervalOf(us), smallestShare === undefined ? "-" : `${(smallestShare * 100).toFixed(0)} %`];
}

const intervalOf = ({ median, low, high }: Estimate) => (Number.isFinite(median) ? `${size(low)} – ${size(high)}` : "");

const size = (us: number) => (Number.isFinite(us) ? microseconds(us) : "not reached");

function plotOf(curves: readonly MetgCurve[]): LinePicture {
  return {
    kind: "lines",
    name: "efficiency",
    title: "Efficiency by the size of tasks",
    subtitle: "stencil_1d of Task Bench, 1,000 steps, one run at a time on all cores; 1 is what plain threads do",
    x: { name: "size of a task, overhead included, in µs", scale: "log" },
    y: { name: "efficiency" },
    lines: curves.map(({ contender, width, points }) => ({
      name: `${NAMES[contender]}, W = ${width}`,
      points: points.map(({ granularityUs, efficiency }) => ({ x: granularityUs, y: efficiency })).toReversed(),
    })),
  };
}
