import { rate } from "../quantities.js";
import { type Axis, axisOption, checkScale, INK } from "./axis.js";
import { draw, HEADING_HEIGHT, type Heading } from "./chart.js";
import { type ErrorBar, errorBars } from "./error-bars.js";
import { intervalOf, type Measured, middleOf } from "./measured.js";

/** Lying bars under each other, names on the left, numbers on the right, 95 % intervals where they are known. */
export interface BarChart extends Heading {
  readonly x: Axis;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
  /** How the numbers are written. @defaultValue as rates: three digits, `73.5 k` */
  readonly format?: (value: number) => string;
}

export interface Bar {
  readonly name: string;
  readonly value: Measured;
  /** Whether it is the one that the chart is about. */
  readonly isHighlighted?: boolean;
}

const WIDTH = 880;
const BAR_HEIGHT = 30;
const HIGHLIGHT = "#0072b2";
const OTHER = "#9aa4af";

/** The chart as SVG text. */
export function barChart(chart: BarChart): string {
  const { title, x, bars, format = rate } = chart;
  const middles = bars.map(({ value }) => middleOf(value));
  checkScale(title, x, [...middles, ...bars.flatMap(({ value }) => intervalOf(value) ?? [])]);
  const category = {
    type: "category" as const,
    inverse: true,
    axisTick: { show: false },
    axisLabel: { color: INK, fontSize: 13, interval: 0 },
  };
  return draw(
    chart,
    { width: WIDTH, height: HEADING_HEIGHT + bars.length * BAR_HEIGHT + 60 },
    {
      grid: { left: 24 + labelWidth(bars.map(({ name }) => name)), right: 100, top: HEADING_HEIGHT, bottom: 60, outerBoundsMode: "none" },
      xAxis: {
        ...axisOption(x),
        nameGap: 32,
        ...(x.scale === "log" ? { min: ({ min }: { min: number }) => 10 ** Math.floor(Math.log10(min / 1.5)) } : {}),
      },
      yAxis: [
        { ...category, data: bars.map(({ name }) => name), axisLine: { show: true, lineStyle: { color: INK } } },
        {
          ...category,
          data: middles.map((middle) => (middle === null ? "not measured" : format(middle))),
          position: "right",
          axisLine: { show: false },
        },
      ],
      series: [
        {
          type: "bar",
          silent: true,
          barWidth: "62%",
          data: bars.map(({ isHighlighted = false }, index) => ({
            value: middles[index]!,
            itemStyle: { color: isHighlighted ? HIGHLIGHT : OTHER },
          })),
        },
        errorBars(errorBarsOf(bars), INK),
      ],
    },
  );
}

function errorBarsOf(bars: readonly Bar[]): ErrorBar[] {
  return bars.flatMap(({ value }, index) => {
    const interval = intervalOf(value);
    return interval === undefined ? [] : [[interval[0], index, interval[1], index] as const];
  });
}

/** Room for the longest name on the left, in pixels. */
function labelWidth(names: readonly string[]): number {
  return 7.5 * Math.max(0, ...names.map((name) => name.length));
}
