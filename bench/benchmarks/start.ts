import type { BarPicture } from "../report/plots/picture.js";
import { milliseconds } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { Benchmark } from "./benchmark.js";
import { measureStartTimes, type StartFigure, type StartTimes, startTitles } from "./start-times.js";

export const start: Benchmark = {
  title: "how long it takes until DataFlower runs, as a library and from the command line",
  async measure(options) {
    const times = await measureStartTimes(options);
    const { figures, count, samples, note } = times;
    return { text: `${render(times, options.cores)}\n${note}`, samples, summary: { figures, count }, plots: [plotOf(times)] };
  },
};

const names = Object.keys(startTitles) as StartFigure[]; // as: Object.keys forgets that the keys are known

function render({ figures, count }: StartTimes, cores: number): string {
  const columns = [{ title: "what", align: "left" as const }, ...["median", "95 %"].map((title) => ({ title, align: "right" as const }))];
  const rows = names.map((name) => {
    const { median, low, high } = figures[name];
    return [startTitles[name], milliseconds(median), `${milliseconds(low)} – ${milliseconds(high)}`];
  });
  return `${table(columns, rows)}\n\nEach in ${count} fresh processes; ${cores} workers, which have loaded the workflow when start() is over.`;
}

function plotOf({ figures, count }: StartTimes): BarPicture {
  return {
    kind: "bars",
    name: "start",
    title: "Until DataFlower runs",
    subtitle: `medians of ${count} fresh processes each`,
    x: { name: "ms" },
    format: "ms",
    bars: names.map((name) => ({
      name: startTitles[name],
      value: figures[name],
      isHighlighted: name === "startMs" || name === "commandLine",
    })),
  };
}
