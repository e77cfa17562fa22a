import type { ScatterSeriesOption } from "echarts";

/** All samples behind a figure, so faintly that the figure stands out. */
export function samplesSeries(data: NonNullable<ScatterSeriesOption["data"]>, color: string, name = ""): ScatterSeriesOption {
  return { type: "scatter", name, silent: true, symbol: "circle", symbolSize: 5, z: 3, itemStyle: { color, opacity: 0.3 }, data };
}
