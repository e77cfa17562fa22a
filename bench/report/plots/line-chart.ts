import type { LineSeriesOption, SeriesOption } from "echarts";
import { axisOption, axisRoom, checkScale, tick } from "./axis.js";
import { errorBars, uprightBar } from "./error-bars.js";
import { hatching } from "./hatching.js";
import { emptyNote, headingOf } from "./heading.js";
import { type Key, keyColumn } from "./key-column.js";
import { intervalOf, measuredText, middleOf } from "./measured.js";
import { type Look, lookOf } from "./palette.js";
import type { Line, LinePicture } from "./picture.js";
import { samplesSeries } from "./samples.js";
import { type Drawing, MARGIN, type Surface } from "./surface.js";

const PLANE_HEIGHT = { file: 352, page: 300 } as const;

export function lineDrawing(picture: LinePicture, surface: Surface): Drawing {
  const { x, y, lines } = picture;
  checkScales(picture);
  const keys = keysOf(picture);
  const column = keyColumn(keys, surface.width * 0.35);
  const { height: top, titles } = headingOf(picture, surface);
  const planeHeight = Math.max(PLANE_HEIGHT[surface.kind], surface.kind === "file" ? column.height : 0);
  const left = axisRoom("y", y, planeHeight);
  const right = surface.kind === "file" ? column.width : MARGIN + 4;
  const planeWidth = surface.width - left - right;
  const bottom = axisRoom("x", x, planeWidth);
  const isEmpty = lines.every(({ points, samples = [] }) => samples.length === 0 && points.every((point) => middleOf(point.y) === null));
  return {
    width: surface.width,
    height: top + planeHeight + bottom,
    keys,
    option: {
      title: [...titles, ...emptyNote(isEmpty, top, planeHeight)],
      grid: { left, right, top, bottom, outerBoundsMode: "none" },
      xAxis: axisOption("x", x, planeWidth),
      yAxis: axisOption("y", y, planeHeight),
      series: [
        ...lines.flatMap((line, index) => seriesOf(line, lookOfLine(line.stroke, index), picture)),
        ...(picture.hatchedFrom === undefined ? [] : [hatching(picture.hatchedFrom)]),
        ...(surface.kind === "file" ? [column.series] : []),
      ],
    },
  };
}

function checkScales({ title, x, y, lines, hatchedFrom }: LinePicture): void {
  const samples = lines.flatMap((line) => line.samples ?? []);
  const points = lines.flatMap((line) => line.points);
  checkScale(title, x, [...points.map((point) => point.x), ...samples.map((sample) => sample[0]), hatchedFrom ?? null]);
  checkScale(title, y, [
    ...points.flatMap((point) => [middleOf(point.y), ...(intervalOf(point.y) ?? [])]),
    ...samples.map((sample) => sample[1]),
  ]);
}

function keysOf({ lines, hatchedFrom }: LinePicture): Key[] {
  const named = lines.map(({ name, points, samples = [], stroke }, index): Key => {
    const last = points.findLast((point) => middleOf(point.y) !== null);
    return {
      name,
      ...(last === undefined && { note: samples.length === 0 ? "not measured" : "void" }),
      look: lookOfLine(stroke, index),
      isDashed: stroke === "dashed",
      ...(last !== undefined && { at: [last.x, middleOf(last.y)!] as const }),
    };
  });
  return hatchedFrom === undefined ? named : [...named, { name: "hatched: not measured, but simulated or computed" }];
}

/** What is computed has no points. */
function lookOfLine(stroke: Line["stroke"], index: number): Look {
  return stroke === "dashed" ? { ...lookOf(index), symbol: "none" } : lookOf(index);
}

function seriesOf(line: Line, { color, symbol }: Look, { x, y }: LinePicture): SeriesOption[] {
  const { name, points, samples = [], stroke = "solid" } = line;
  const drawn: LineSeriesOption = {
    type: "line",
    name,
    data: points.map((point) => ({ value: [point.x, middleOf(point.y)] as [number, number], tip: tipOf(line, point, x.name, y.name) })),
    connectNulls: false,
    ...{ symbol, symbolSize: 7, showAllSymbol: true },
    color,
    lineStyle: { width: 2, type: stroke },
    z: 4,
  };
  const all = samplesSeries(
    samples.map((sample) => [...sample]),
    color,
    name,
  );
  return [
    drawn,
    errorBars(
      points.flatMap((point) => uprightBar(point.x, point.y)),
      color,
      name,
    ),
    ...(samples.length === 0 ? [] : [all]),
  ];
}

function tipOf({ name, samples = [] }: Line, point: Line["points"][number], xName: string, yName: string): string {
  const n = samples.filter((sample) => sample[0] === point.x).length;
  const lines = [name, `${xName}: ${tick(point.x)}`, `${yName}: ${measuredText(point.y, tick)}`];
  return [...lines, ...(intervalOf(point.y) === undefined ? [] : ["median [95 % interval]"]), ...(n === 0 ? [] : [`n = ${n}`])].join("\n");
}
