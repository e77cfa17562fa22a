import type { CustomSeriesOption } from "echarts";
import { FAINT_INK } from "./text.js";

const STEP = 12;

/** Thin slanted lines over the plane from a place on its x axis to its right end: nothing was measured there. */
export function hatching(fromX: number): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    z: 1,
    encode: { x: 0, y: -1 },
    data: [[fromX]],
    renderItem: (params, api) => {
      // as: the plane of a grid is a rectangle
      const plane = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
      const left = Math.max(plane.x, api.coord([fromX, Number.NaN])[0]!);
      const right = plane.x + plane.width;
      const bottom = plane.y + plane.height;
      const starts = Array.from({ length: Math.max(0, Math.ceil((right - left + plane.height) / STEP)) }, (_, at) => left + at * STEP);
      return {
        type: "group",
        children: starts.map((x) => ({
          type: "line" as const,
          // From the left or the lower edge up to the upper or the right one.
          shape: {
            x1: Math.max(left, x - plane.height),
            y1: x - plane.height < left ? plane.y + (x - left) : bottom,
            x2: Math.min(right, x),
            y2: x > right ? plane.y + (x - right) : plane.y,
          },
          style: { stroke: FAINT_INK, lineWidth: 0.7, opacity: 0.5 },
        })),
      };
    },
  };
}
