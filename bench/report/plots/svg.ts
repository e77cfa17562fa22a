import { init, setPlatformAPI } from "echarts/core";
import { useChartParts } from "./chart-parts.js";
import { drawingOf } from "./drawing.js";
import type { Picture } from "./picture.js";
import { isBold, measureText } from "./shipped-font.js";

const WIDTH = 880;

useChartParts();
// as: ECharts reads the width alone, of all that a canvas would tell
setPlatformAPI({ measureText: roomFor } as Parameters<typeof setPlatformAPI>[0]);

/** A picture as SVG text: the same bytes for the same data. */
export function svgOf(picture: Picture): string {
  const { width, height, option } = drawingOf(picture, { kind: "file", width: WIDTH });
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(option);
    return withoutCounters(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    chart.dispose();
  }
}

/** Who looks at a file may have none of its fonts but DejaVu Sans, the widest of those that stand in: names have room for that, too. */
function roomFor(text: string, font: string): { width: number } {
  const wide = text.replaceAll(/[{}[\]$=<>+~"\ufffd]/g, "w"); // half as wide in the shipped font
  return { width: measureText(wide, font).width * (isBold(font) ? 1.24 : 1.16) };
}

/** ECharts puts how many charts this process has drawn before into its names, and says what happens under a mouse, which a picture has no use for. */
function withoutCounters(svg: string): string {
  return svg
    .replaceAll(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/<style ?>.*?<\/style>\n?/s, "")
    .replaceAll(/\bzr\d+-c(?=\d)/g, "clip-");
}
