import type { CustomSeriesOption } from "echarts";
import { intervalOf, type Measured } from "./measured.js";

/** An interval on the plane: from its low end to its high end. */
export type ErrorBar = readonly [lowX: number, lowY: number, highX: number, highY: number];

/** Half the length of the little lines across both ends, in pixels. */
const CAP = 4;

/** The bar of a number on an axis, at its place on the other one. */
export function uprightBar(x: number, y: Measured): ErrorBar[] {
  const interval = intervalOf(y);
  return interval === undefined ? [] : [[x, interval[0], x, interval[1]]];
}

export function lyingBar(x: Measured, y: number): ErrorBar[] {
  const interval = intervalOf(x);
  return interval === undefined ? [] : [[interval[0], y, interval[1], y]];
}

/** 95 % intervals, upright or lying, as a line with a cap at either end. */
export function errorBars(bars: readonly ErrorBar[], color: string, name = ""): CustomSeriesOption {
  return {
    type: "custom",
    name,
    silent: true,
    z: 4,
    data: bars.map((bar) => [...bar]),
    encode: { x: [0, 2], y: [1, 3] },
    renderItem: (_, api) => {
      const [lowX, lowY] = api.coord([api.value(0), api.value(1)]) as [number, number]; // as: a point of a plane
      const [highX, highY] = api.coord([api.value(2), api.value(3)]) as [number, number];
      const isUpright = lowX === highX;
      const [capX, capY] = isUpright ? [CAP, 0] : [0, CAP];
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: "line" as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: color, lineWidth: 1.5 },
      });
      return {
        type: "group",
        children: [
          line(lowX, lowY, highX, highY),
          line(lowX - capX, lowY - capY, lowX + capX, lowY + capY),
          line(highX - capX, highY - capY, highX + capX, highY + capY),
        ],
      };
    },
  };
}
