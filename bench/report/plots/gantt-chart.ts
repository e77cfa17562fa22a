import type { CustomSeriesOption } from "echarts";
import { milliseconds } from "../quantities.js";
import { axisOption, axisRoom } from "./axis.js";
import { emptyNote, headingOf } from "./heading.js";
import { keyColumn, keysOf } from "./key-column.js";
import type { Look } from "./palette.js";
import type { GanttPicture, GanttSpan } from "./picture.js";
import { type Drawing, MARGIN, type Surface } from "./surface.js";
import { FONT, heightOf, INK, widestOf, widthOf, wrapped } from "./text.js";

const ROW_HEIGHT = 40;
const ROW = { ...FONT, fontSize: 13 };
const NAME = { ...FONT, fontSize: 11 };
const TASK_HEIGHT = 20;
const WAIT_HEIGHT = 5;
const WAIT = "#b6bec7";
const TIME = { name: "ms since the run was submitted" };
const WAIT_NOTE = "grey: from ready to start";

export function ganttDrawing(picture: GanttPicture, surface: Surface): Drawing {
  const { rows, spans } = picture;
  const keys = keysOf(spans.map(({ category }) => category));
  const all = [...keys, { name: WAIT_NOTE }];
  const column = keyColumn(all, surface.width * 0.25);
  const { height: top, titles } = headingOf(picture, surface);
  const names = rows.map((row) => wrapped(row, ROW, surface.width * 0.25));
  const left = MARGIN + widestOf(names.flat(), ROW) + 10;
  const right = surface.kind === "file" ? column.width : MARGIN + 8;
  const planeWidth = surface.width - left - right;
  const bottom = axisRoom("x", TIME, planeWidth);
  const rowHeight = Math.max(ROW_HEIGHT, heightOf(Math.max(1, ...names.map((lines) => lines.length)), ROW) + 8);
  const planeHeight = Math.max(rows.length * rowHeight, surface.kind === "file" ? column.height : 0, rowHeight);
  return {
    width: surface.width,
    height: top + planeHeight + bottom,
    keys: all,
    option: {
      title: [...titles, ...emptyNote(spans.length === 0, top, planeHeight)],
      grid: { left, right, top, bottom, outerBoundsMode: "none" },
      xAxis: axisOption("x", TIME, planeWidth),
      yAxis: rowAxis(names),
      series: [
        ...keys.flatMap(({ name, look }) =>
          spanSeries(
            name,
            spans.filter(({ category }) => category === name),
            look,
          ),
        ),
        ...(surface.kind === "file" ? [column.series] : []),
      ],
    },
  };
}

function rowAxis(names: readonly (readonly string[])[]) {
  return {
    type: "category" as const,
    inverse: true,
    data: names.map((lines) => lines.join("\n")),
    axisTick: { show: false },
    axisLine: { show: true, lineStyle: { color: INK } },
    splitLine: { show: true, lineStyle: { color: "#eaeef2" } },
    axisLabel: { color: INK, ...ROW, lineHeight: heightOf(1, ROW), interval: 0 },
  };
}

/** A task on its worker, under it how long it has waited. */
function spanSeries(name: string, spans: readonly GanttSpan[], { color }: Look): CustomSeriesOption {
  return {
    type: "custom",
    name,
    encode: { x: [0, 1, 2], y: 3 },
    data: spans.map((span) => ({ value: [span.startMs, span.endMs, Math.min(span.readyMs, span.startMs), span.row], tip: tipOf(span) })),
    renderItem: ({ dataIndex }, api) => {
      const span = spans[dataIndex]!;
      const [start, y] = api.coord([span.startMs, span.row]) as [number, number]; // as: a point of a plane
      const [end, ready] = [api.coord([span.endMs, span.row])[0]!, api.coord([span.readyMs, span.row])[0]!];
      const width = Math.max(1, end - start);
      const waitShape = { x: ready, y: y + TASK_HEIGHT / 2, width: Math.max(0, start - ready), height: WAIT_HEIGHT };
      const hasName = widthOf(span.name, NAME) + 6 < width;
      const place = { x: start + width / 2, y: y - 2, align: "center" as const, verticalAlign: "middle" as const };
      return {
        type: "group",
        children: [
          { type: "rect", shape: waitShape, style: { fill: WAIT } },
          {
            type: "rect",
            shape: { x: start, y: y - TASK_HEIGHT / 2 - 2, width, height: TASK_HEIGHT },
            style: { fill: color, stroke: "#ffffff", lineWidth: 0.5 },
          },
          ...(hasName ? [{ type: "text" as const, style: { text: span.name, ...place, ...NAME, fill: inkOn(color) } }] : []),
        ],
      };
    },
  };
}

/** Black or white, whichever is read better on the colour. */
function inkOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  return 0.299 * red! + 0.587 * green! + 0.114 * blue! > 0.5 ? "#000000" : "#ffffff";
}

function tipOf({ name, category, startMs, endMs, readyMs, why }: GanttSpan): string {
  const times = `ready at ${milliseconds(readyMs)}, waited ${milliseconds(startMs - readyMs)}, ran ${milliseconds(endMs - startMs)}`;
  return `${name} (${category})\n${times}\n${why}`;
}
