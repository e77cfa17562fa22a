import type { LineSeriesOption } from "echarts";
import { type Axis, axisOption, checkScale } from "./axis.js";
import { draw, HEADING_HEIGHT, type Heading } from "./chart.js";
import { type ErrorBar, errorBars } from "./error-bars.js";
import { intervalOf, type Measured, middleOf } from "./measured.js";

/** Lines over a plane, their names in a column on the right, each as high as the last point of its line, and 95 % intervals where they are known. */
export interface LineChart extends Heading {
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  /** From left to right. A point without a `y` breaks the line. */
  readonly points: readonly { readonly x: number; readonly y: Measured }[];
}

const WIDTH = 880;
const HEIGHT = 480;
/** Colours that stay apart for the colour-blind (Okabe and Ito), each with a symbol of its own for those who see none. */
const STYLES = [
  ["#0072b2", "circle"],
  ["#d55e00", "rect"],
  ["#009e73", "triangle"],
  ["#cc79a7", "diamond"],
  ["#8a6d00", "emptyCircle"],
  ["#56b4e9", "emptyRect"],
  ["#000000", "emptyTriangle"],
  ["#6e7781", "emptyDiamond"],
] as const;

/** The chart as SVG text. */
export function lineChart(chart: LineChart): string {
  const { title, x, y, lines } = chart;
  const points = lines.flatMap((line) => line.points);
  const xs = points.map((point) => point.x);
  const ys = points.flatMap((point) => [middleOf(point.y), ...(intervalOf(point.y) ?? [])]);
  checkScale(title, x, xs);
  checkScale(title, y, ys);
  const labelsWidth = 32 + 7.5 * Math.max(0, ...lines.map(({ name }) => name.length));
  const labelX = WIDTH - labelsWidth + 14;
  return draw(
    chart,
    { width: WIDTH, height: HEIGHT },
    {
      grid: { left: 76, right: labelsWidth, top: HEADING_HEIGHT, bottom: 52, outerBoundsMode: "none" },
      xAxis: { ...axisOption(x), nameGap: 32 },
      yAxis: { ...axisOption(y), nameGap: 54 },
      series: lines.flatMap((line, index) => {
        const [color, symbol] = STYLES[index % STYLES.length]!;
        return [lineOf(line, { color, symbol, labelX }), errorBars(barsOf(line), color)];
      }),
    },
  );
}

function lineOf({ name, points }: Line, { color, symbol, labelX }: { color: string; symbol: string; labelX: number }): LineSeriesOption {
  return {
    type: "line",
    name,
    data: points.map((point) => [point.x, middleOf(point.y)]),
    connectNulls: false,
    silent: true,
    symbol,
    symbolSize: 7,
    showAllSymbol: true,
    color,
    lineStyle: { width: 2 },
    endLabel: { show: true, formatter: name, color, fontSize: 12.5, fontWeight: "bold", padding: [2, 0] },
    labelLayout: { x: labelX, moveOverlap: "shiftY" },
  };
}

function barsOf({ points }: Line): ErrorBar[] {
  return points.flatMap(({ x, y }) => {
    const interval = intervalOf(y);
    return interval === undefined ? [] : [[x, interval[0], x, interval[1]] as const];
  });
}
