import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from "echarts";
import { axisOption, axisRoom, checkScale, tick } from "./axis.js";
import { type ErrorBar, errorBars, lyingBar, uprightBar } from "./error-bars.js";
import { frontierOf } from "./frontier.js";
import { emptyNote, headingOf } from "./heading.js";
import { keyColumn, keysOf } from "./key-column.js";
import { type Box, LabelPlaces } from "./label-places.js";
import { intervalOf, measuredText, middleOf } from "./measured.js";
import type { Look } from "./palette.js";
import type { ScatterPicture } from "./picture.js";
import { type Drawing, MARGIN, type Surface } from "./surface.js";
import { FONT, heightOf, INK, widthOf } from "./text.js";

const PLANE_HEIGHT = { file: 380, page: 320 } as const;
const NAME = { ...FONT, fontSize: 11.5 };
const FRONTIER = "no other is lower in both";

type Named = ScatterPicture["points"][number];
/** A point that was measured, with where it stands. */
interface Placed {
  readonly point: Named;
  readonly x: number;
  readonly y: number;
}

export function scatterDrawing(picture: ScatterPicture, surface: Surface): Drawing {
  const { x, y, points, hasFrontier = false } = picture;
  checkScales(picture);
  const placed = points.flatMap((point) => placedOf(point));
  const groups = keysOf(points.map(({ group }) => group));
  const keys = hasFrontier ? [...groups, { name: FRONTIER, look: { color: INK, symbol: "none" as const }, isDashed: true }] : groups;
  const column = keyColumn(keys, surface.width * 0.3);
  const { height: top, titles } = headingOf(picture, surface);
  const left = axisRoom("y", y, PLANE_HEIGHT[surface.kind]);
  const right = surface.kind === "file" ? column.width : MARGIN + 4;
  const planeWidth = surface.width - left - right;
  const bottom = axisRoom("x", x, planeWidth);
  return {
    width: surface.width,
    height: top + PLANE_HEIGHT[surface.kind] + bottom,
    keys,
    option: {
      title: [...titles, ...emptyNote(placed.length === 0, top, PLANE_HEIGHT[surface.kind])],
      grid: { left, right, top, bottom, outerBoundsMode: "none" },
      xAxis: axisOption("x", x, planeWidth),
      yAxis: axisOption("y", y, PLANE_HEIGHT[surface.kind]),
      series: [
        ...groups.flatMap(({ name, look }) =>
          groupSeries(
            placed.filter(({ point }) => point.group === name),
            look,
            picture,
          ),
        ),
        ...(hasFrontier ? [frontierSeries(placed)] : []),
        nameSeries(placed),
        ...(surface.kind === "file" ? [column.series] : []),
      ],
    },
  };
}

function checkScales({ title, x, y, points }: ScatterPicture): void {
  checkScale(
    title,
    x,
    points.flatMap((point) => [middleOf(point.x), ...(intervalOf(point.x) ?? [])]),
  );
  checkScale(
    title,
    y,
    points.flatMap((point) => [middleOf(point.y), ...(intervalOf(point.y) ?? [])]),
  );
}

function placedOf(point: Named): Placed[] {
  const [x, y] = [middleOf(point.x), middleOf(point.y)];
  return x === null || y === null ? [] : [{ point, x, y }];
}

function groupSeries(placed: readonly Placed[], { color, symbol }: Look, { x: xAxis, y: yAxis }: ScatterPicture) {
  const group = placed[0]?.point.group ?? "";
  const drawn: ScatterSeriesOption = {
    type: "scatter",
    name: group,
    symbol,
    symbolSize: 10,
    z: 5,
    itemStyle: symbol.startsWith("empty") ? { color: "#ffffff", borderColor: color, borderWidth: 2 } : { color },
    data: placed.map(({ point, x, y }) => ({
      value: [x, y],
      tip: `${point.name} (${point.group})\n${xAxis.name}: ${measuredText(point.x, tick)}\n${yAxis.name}: ${measuredText(point.y, tick)}`,
    })),
  };
  return [drawn, errorBars(placed.flatMap(barsOf), color, group)];
}

function barsOf({ point, x, y }: Placed): ErrorBar[] {
  return [...uprightBar(x, point.y), ...lyingBar(point.x, y)];
}

/** With room for a symbol around it. */
function boxBetween([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): Box {
  const half = 5;
  const [x, y] = [Math.min(x1, x2) - half, Math.min(y1, y2) - half];
  return { x, y, width: Math.abs(x2 - x1) + 2 * half, height: Math.abs(y2 - y1) + 2 * half };
}

function frontierSeries(placed: readonly Placed[]): LineSeriesOption {
  const data = frontierOf(placed).map(({ x, y }) => [x, y]);
  return { type: "line", name: FRONTIER, silent: true, symbol: "none", color: INK, lineStyle: { width: 1.2, type: "dashed" }, z: 2, data };
}

/** A name at each point, none over another; one that has no room is left to the pointer. */
function nameSeries(placed: readonly Placed[]): CustomSeriesOption {
  return {
    type: "custom",
    silent: true,
    z: 6,
    data: placed.slice(0, 1).map(({ x, y }) => [x, y]),
    renderItem: (params, api) => {
      const plane = params.coordSys as unknown as Box; // as: the plane of a grid is a rectangle
      const spots = placed.map(({ x, y }) => api.coord([x, y]) as [number, number]); // as: a point of a plane
      const corner = ([x, y]: readonly number[]) => api.coord([x!, y!]) as [number, number];
      const bars = placed.flatMap(barsOf).map(([lowX, lowY, highX, highY]) => boxBetween(corner([lowX, lowY]), corner([highX, highY])));
      const places = new LabelPlaces(plane, [...spots.map((spot) => boxBetween(spot, spot)), ...bars]);
      const children = placed.flatMap(({ point }, index) => {
        const size = { width: widthOf(point.name, NAME) + 2, height: heightOf(1, NAME) };
        const box = places.place(...spots[index]!, size);
        return box === undefined ? [] : [{ type: "text" as const, style: { text: point.name, x: box.x, y: box.y, ...NAME, fill: INK } }];
      });
      return { type: "group", children };
    },
  };
}
