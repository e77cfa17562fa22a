import type { CustomSeriesOption } from "echarts";
import { written } from "./format.js";
import { emptyNote, headingOf } from "./heading.js";
import type { HeatMapPicture } from "./picture.js";
import { type Drawing, MARGIN, type Surface } from "./surface.js";
import { FONT, heightOf, INK, widestOf, wrapped } from "./text.js";

const CELL_WIDTH = 48;
const CELL_WIDTH_MAX = 130;
const CELL_HEIGHT = 30;
const ROW = { ...FONT, fontSize: 13 };
const COLUMN = { ...FONT, fontSize: 11 };
const GROUP = { ...FONT, fontSize: 13, fontWeight: 600 };
/** From next to nothing to the worst: lightness alone tells, so that nobody needs to see colours. */
const LIGHT = [247, 251, 255] as const;
const DARK = [8, 48, 107] as const;
const UNKNOWN = "#eaeef2";

/** Measures of the drawing, in pixels. */
interface Layout {
  readonly left: number;
  readonly rowLines: readonly (readonly string[])[];
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly isSlanted: boolean;
  readonly groupLines: readonly (readonly string[])[];
  /** Of the names of columns and groups above the cells. */
  readonly namesHeight: number;
}

export function heatMapDrawing(picture: HeatMapPicture, surface: Surface): Drawing {
  const columns = picture.groups.flatMap((group) => group.columns);
  const layout = layoutOf(picture, columns, surface);
  const { left, cellWidth, cellHeight, namesHeight } = layout;
  const planeWidth = Math.max(1, columns.length) * cellWidth;
  const width = Math.max(left + planeWidth + MARGIN, surface.kind === "file" ? 480 : 0);
  const heading = headingOf(picture, { ...surface, width });
  const top = heading.height + namesHeight;
  const planeHeight = Math.max(1, picture.rows.length) * cellHeight;
  const isEmpty = picture.cells.every((row) => row.every((value) => !isKnown(value)));
  return {
    width,
    height: top + planeHeight + MARGIN,
    keys: [],
    option: {
      title: [...heading.titles, ...emptyNote(isEmpty, top, planeHeight)],
      grid: { left, top, width: planeWidth, height: planeHeight, outerBoundsMode: "none" },
      xAxis: [{ ...names(columns, { ...COLUMN, rotate: layout.isSlanted ? 90 : 0 }), position: "top" }],
      yAxis: {
        ...names(
          layout.rowLines.map((lines) => lines.join("\n")),
          { ...ROW, lineHeight: heightOf(1, ROW) },
        ),
        inverse: true,
      },
      series: [cellSeries(picture, columns, layout), groupSeries(picture, layout)],
    },
  };
}

function layoutOf({ rows, groups, cells, format }: HeatMapPicture, columns: readonly string[], { width }: Surface): Layout {
  const rowLines = rows.map((row) => wrapped(row, ROW, Math.min(260, width * 0.38)));
  const left = MARGIN + widestOf(rowLines.flat(), ROW) + 10;
  const numbers =
    widestOf(
      cells.flat().flatMap((value) => (isKnown(value) ? [written(value, format)] : [])),
      COLUMN,
    ) + 8;
  const needed = Math.max(
    CELL_WIDTH,
    numbers,
    ...groups.map((group) => (widestOf(group.name.split(/\s+/), GROUP) + 10) / Math.max(1, group.columns.length)),
  );
  const fitting = (width - left - MARGIN) / Math.max(1, columns.length);
  const cellWidth = Math.floor(Math.max(numbers, Math.min(CELL_WIDTH_MAX, Math.max(fitting, needed))));
  const groupLines = groups.map((group) => wrapped(group.name, GROUP, Math.max(1, group.columns.length) * cellWidth - 8));
  const widest = widestOf(columns, COLUMN);
  const isSlanted = widest > cellWidth - 4;
  const groupsHeight = heightOf(Math.max(0, ...groupLines.map((lines) => lines.length)), GROUP);
  return {
    ...{ left, rowLines, cellWidth, isSlanted, groupLines },
    cellHeight: Math.max(CELL_HEIGHT, heightOf(Math.max(1, ...rowLines.map((lines) => lines.length)), ROW) + 8),
    namesHeight: groupsHeight + (isSlanted ? widest + 14 : 26),
  };
}

function names(data: readonly string[], label: object) {
  const none = { show: false };
  return { type: "category" as const, data: [...data], axisTick: none, axisLine: none, axisLabel: { color: INK, interval: 0, ...label } };
}

function cellSeries({ rows, cells, format, shade }: HeatMapPicture, columns: readonly string[], layout: Layout): CustomSeriesOption {
  const { cellWidth, cellHeight } = layout;
  const known = cells.flatMap((row, at) => row.map((value, column) => ({ column, row: at, value: isKnown(value) ? value : null })));
  return {
    type: "custom",
    encode: { x: 0, y: 1 },
    data: known.map(({ column, row, value }) => ({
      value: [column, row],
      tip: `${rows[row]}\n${columns[column]}: ${value === null ? "not known" : written(value, format)}`,
    })),
    renderItem: ({ dataIndex }, api) => {
      const { column, row, value } = known[dataIndex]!;
      const [x, y] = api.coord([column, row]) as [number, number]; // as: a point of a plane
      const share = value === null ? 0 : shareOf(value, shade);
      const shape = { x: x - cellWidth / 2, y: y - cellHeight / 2, width: cellWidth - 1, height: cellHeight - 1 };
      const place = { x, y, align: "center" as const, verticalAlign: "middle" as const };
      const text = value === null ? "" : written(value, format);
      return {
        type: "group",
        children: [
          { type: "rect", shape, style: { fill: value === null ? UNKNOWN : colourOf(share) } },
          { type: "text", style: { text, ...place, ...COLUMN, fill: share > 0.45 ? "#ffffff" : INK } },
        ],
      };
    },
  };
}

function groupSeries({ groups }: HeatMapPicture, { cellWidth, groupLines, namesHeight }: Layout): CustomSeriesOption {
  const starts = groups.map((_, index) => groups.slice(0, index).reduce((sum, group) => sum + group.columns.length, 0));
  return {
    type: "custom",
    silent: true,
    clip: false,
    data: starts.map((start) => [start, 0]),
    renderItem: (params, api) => {
      const [x] = api.coord([starts[params.dataIndex]!, 0]) as [number, number]; // as: a point of a plane
      const plane = params.coordSys as unknown as { y: number }; // as: the plane of a grid is a rectangle
      const place = { x: x - cellWidth / 2, y: plane.y - namesHeight };
      const text = groupLines[params.dataIndex]!.join("\n");
      return { type: "text", style: { text, ...place, ...GROUP, lineHeight: heightOf(1, GROUP), fill: INK } };
    },
  };
}

function isKnown(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Where a number stands on the scale of colours, from 0 to 1. */
function shareOf(value: number, { from, to, scale }: HeatMapPicture["shade"]): number {
  const place = scale === "log" ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Number.isNaN(place) ? 0 : Math.min(1, Math.max(0, place));
}

function colourOf(share: number): string {
  const mixed = LIGHT.map((light, at) => Math.round(light + (DARK[at]! - light) * share));
  return `rgb(${mixed.join(",")})`;
}
