import type { EChartsOption } from "echarts";
import { axisOption, axisRoom, checkScale } from "./axis.js";
import { errorBars, lyingBar } from "./error-bars.js";
import { written } from "./format.js";
import { emptyNote, headingOf } from "./heading.js";
import { intervalOf, measuredText, middleOf } from "./measured.js";
import type { Bar, BarPicture } from "./picture.js";
import { samplesSeries } from "./samples.js";
import { type Drawing, MARGIN, type Surface } from "./surface.js";
import { FONT, heightOf, INK, widestOf, wrapped } from "./text.js";

const BAR_HEIGHT = 30;
const HIGHLIGHT = "#0072b2";
const OTHER = "#9aa4af";
const NAME = { ...FONT, fontSize: 13 };

export function barDrawing(picture: BarPicture, surface: Surface): Drawing {
  const { title, x, bars, format } = picture;
  const middles = bars.map(({ value }) => middleOf(value));
  checkScale(title, x, [...middles, ...bars.flatMap(({ value, samples = [] }) => [...(intervalOf(value) ?? []), ...samples])]);
  const names = bars.map(({ name }) => wrapped(name, NAME, surface.width * 0.38));
  const numbers = middles.map((middle) => (middle === null ? "not measured" : written(middle, format)));
  const barHeight = Math.max(BAR_HEIGHT, heightOf(Math.max(1, ...names.map((lines) => lines.length)), NAME) + 8);
  const { height: top, titles } = headingOf(picture, surface);
  const left = MARGIN + widestOf(names.flat(), NAME) + 10;
  const right = MARGIN + widestOf(numbers, NAME) + 10;
  const planeWidth = surface.width - left - right;
  const bottom = axisRoom("x", x, planeWidth);
  const planeHeight = Math.max(1, bars.length) * barHeight;
  return {
    width: surface.width,
    height: top + planeHeight + bottom,
    keys: [],
    option: {
      title: [...titles, ...emptyNote(bars.length === 0, top, planeHeight)],
      grid: { left, right, top, bottom, outerBoundsMode: "none" },
      xAxis: { ...axisOption("x", x, planeWidth), ...(x.scale === "log" ? { min: decadeBelow } : {}) },
      yAxis: [nameAxis(names.map((lines) => lines.join("\n"))), { ...nameAxis(numbers), position: "right", axisLine: { show: false } }],
      series: seriesOf(picture),
    },
  };
}

/** Where a logarithmic axis begins: bars have a length, even the smallest one. */
function decadeBelow({ min }: { min: number }): number {
  return min > 0 && Number.isFinite(min) ? 10 ** Math.floor(Math.log10(min / 1.5)) : 1;
}

function nameAxis(data: string[]) {
  return {
    type: "category" as const,
    inverse: true,
    data,
    axisTick: { show: false },
    axisLine: { show: true, lineStyle: { color: INK } },
    axisLabel: { color: INK, ...NAME, lineHeight: heightOf(1, NAME), interval: 0 },
  };
}

function seriesOf({ bars, format, x }: BarPicture): NonNullable<EChartsOption["series"]> {
  const samples = bars.flatMap((bar, row) =>
    (bar.samples ?? []).map((value, at) => ({ value: [value, row], symbolOffset: [0, besides(at)] })),
  );
  return [
    {
      type: "bar",
      barWidth: "62%",
      data: bars.map((bar) => ({
        value: middleOf(bar.value)!, // null where nothing was measured is ECharts' own word for it
        itemStyle: { color: bar.isHighlighted === true ? HIGHLIGHT : OTHER },
        tip: tipOf(bar, x.name, format),
      })),
    },
    errorBars(
      bars.flatMap(({ value }, row) => lyingBar(value, row)),
      INK,
    ),
    ...(samples.length === 0 ? [] : [samplesSeries(samples, "#000000")]),
  ];
}

/** Samples of a bar stand a little above and below each other, in px: they are seen even where they are equal. */
function besides(index: number): number {
  return ((index % 5) - 2) * 3;
}

function tipOf({ name, value, samples = [] }: Bar, xName: string, format: BarPicture["format"]): string {
  const text = `${name}\n${xName}: ${measuredText(value, (number) => written(number, format))}`;
  return `${text}${intervalOf(value) === undefined ? "" : "\nmedian [95 % interval]"}${samples.length === 0 ? "" : `\nn = ${samples.length}`}`;
}
