import { titleOf } from "../../peers/titles.js";
import type { LinePicture } from "../../report/plots/picture.js";
import { count, rateWithInterval } from "../../report/quantities.js";
import { type Column, table } from "../../report/table.js";
import { CURVES, type Curve } from "./curves.js";
import type { MeasuredCurve } from "./summary.js";

/** One row a point, one column a contender. */
export function render({ curve, lines }: MeasuredCurve, threads: number): string {
  const { title, conditions, x, y } = curveOf(curve);
  const columns: Column[] = [x.name, ...lines.map(({ contender }) => titleOf(contender))].map((name) => ({ title: name, align: "right" }));
  const xs = [...new Set(lines.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
  const rows = xs.map((at) => [
    count(at),
    ...lines.map(({ points }) => {
      const point = points.find((other) => other.x === at);
      return point === undefined ? "-" : rateWithInterval(point.y);
    }),
  ]);
  return `${title}, ${y.name} [95 %]: ${conditions(threads)}\n\n${table(columns, rows)}\n`;
}

export function plotOf({ curve, lines }: MeasuredCurve, threads: number): LinePicture {
  const { title, conditions, x, y } = curveOf(curve);
  return {
    kind: "lines",
    name: curve,
    title,
    subtitle: `${conditions(threads)}; bars: 95 % intervals`,
    x,
    y,
    lines: lines.map(({ contender, points }) => ({ name: titleOf(contender), points })),
  };
}

const curveOf = (name: string): Curve => CURVES.find((curve) => curve.name === name)!;
