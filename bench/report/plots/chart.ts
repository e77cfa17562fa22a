import type { EChartsOption } from "echarts";
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { INK } from "./axis.js";

use([BarChart, CustomChart, LineChart, GridComponent, TitleComponent, LabelLayout, SVGRenderer]);

/** What every picture has. */
export interface Heading {
  readonly title: string;
  /** Under it, smaller: under which conditions this was measured. */
  readonly subtitle?: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the drawing begins below the heading, in pixels. */
export const HEADING_HEIGHT = 76;

/** The picture as SVG text: on white, whatever is behind it, and the same bytes for the same data. */
export function draw({ title, subtitle }: Heading, { width, height }: Size, option: EChartsOption): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      ...option,
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: "sans-serif" },
      title: {
        text: title,
        ...(subtitle === undefined ? {} : { subtext: subtitle }),
        left: 16,
        top: 12,
        textStyle: { color: INK, fontSize: 17 },
        subtextStyle: { color: "#57606a", fontSize: 12.5 },
      },
    });
    return withoutCounters(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    chart.dispose();
  }
}

/** ECharts puts how many charts this process has drawn before into its names, and says what happens under a mouse, which a picture has no use for. */
function withoutCounters(svg: string): string {
  return svg
    .replaceAll(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/<style ?>.*?<\/style>\n?/s, "")
    .replaceAll(/\bzr\d+-c(?=\d)/g, "clip-");
}
