import type { CustomSeriesOption, CustomSeriesRenderItemReturn } from "echarts";
import { type Look, lookOf } from "./palette.js";
import { spread } from "./spread.js";
import { FONT, heightOf, INK, widestOf, wrapped } from "./text.js";

/** What a colour means. */
export interface Key {
  /** Of the series that it stands for. */
  readonly name: string;
  /** What is said behind it. */
  readonly note?: string;
  /** Without one it is a remark, which nothing can be hidden by. */
  readonly look?: Look;
  readonly isDashed?: boolean;
  /** Beside which point its name stands. @defaultValue wherever there is room */
  readonly at?: readonly [x: number, y: number];
}

const TEXT = { ...FONT, fontSize: 12.5, fontWeight: 600 };
const MARK_WIDTH = 26;
const GAP = 14;

/** A key for each name, in their order, none twice. */
export function keysOf(names: readonly string[]): (Key & { look: Look })[] {
  return [...new Set(names)].map((name, index) => ({ name, look: lookOf(index) }));
}

export interface KeyColumn {
  /** In pixels, the gap to the plane included. */
  readonly width: number;
  /** What the plane must be high for all names to stand under each other. */
  readonly height: number;
  readonly series: CustomSeriesOption;
}

/** The names in a column on the right of the plane, each as high as its point where there is room. */
export function keyColumn(keys: readonly Key[], widthMax: number): KeyColumn {
  const lines = keys.map(({ name, note }) => wrapped(note === undefined ? name : `${name}: ${note}`, TEXT, widthMax));
  const heights = lines.map((own) => heightOf(own.length, TEXT) + 3);
  const series: CustomSeriesOption = {
    type: "custom",
    silent: true,
    clip: false,
    z: 5,
    data: [[...(keys.find(({ at }) => at !== undefined)?.at ?? [Number.NaN, Number.NaN])]],
    renderItem: (params, api) => {
      // as: the plane of a grid is a rectangle
      const plane = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
      const hasPlaces = keys.some(({ at }) => at !== undefined);
      const free = (index: number) => (hasPlaces ? plane.y + plane.height : plane.y + index * 20);
      const wanted = keys.map(({ at }, index) => (at === undefined ? free(index) : api.coord([...at])[1]!));
      const middles = spread(wanted, heights, [plane.y - 8, plane.y + plane.height + 8]);
      const x = plane.x + plane.width + GAP;
      return { type: "group", children: keys.flatMap((key, index) => keyShapes(key, lines[index]!, x, middles[index]!)) };
    },
  };
  return {
    width: GAP + MARK_WIDTH + widestOf(lines.flat(), TEXT) + 10,
    height: heights.reduce((sum, height) => sum + height, 0),
    series,
  };
}

type Shape = Exclude<CustomSeriesRenderItemReturn, null | undefined>;

function keyShapes({ look, isDashed = false }: Key, lines: readonly string[], x: number, y: number): Shape[] {
  const fill = look?.color ?? INK;
  const text: Shape = {
    type: "text",
    style: {
      text: lines.join("\n"),
      ...{ x: x + (look === undefined ? 0 : MARK_WIDTH), y, verticalAlign: "middle", fill },
      ...{ ...TEXT, lineHeight: heightOf(1, TEXT) },
    },
  };
  if (look === undefined) return [text];
  const stroke = { stroke: fill, lineWidth: 1.6, ...(isDashed ? { lineDash: [4, 3] } : {}) };
  const mark: Shape = { type: "line", shape: { x1: x, y1: y, x2: x + 20, y2: y }, style: stroke };
  return look.symbol === "none" ? [mark, text] : [mark, symbolShape(look, x + 10, y), text];
}

function symbolShape({ symbol, color }: Look, x: number, y: number): Shape {
  const style = symbol.startsWith("empty") ? { fill: "#ffffff", stroke: color, lineWidth: 1.6 } : { fill: color };
  const r = 4;
  const corners = (points: number[][]): Shape => ({
    type: "polygon",
    shape: { points: points.map(([dx, dy]) => [x + dx!, y + dy!]) },
    style,
  });
  if (/circle/i.test(symbol)) return { type: "circle", shape: { cx: x, cy: y, r }, style };
  if (/rect/i.test(symbol)) return { type: "rect", shape: { x: x - r, y: y - r, width: 2 * r, height: 2 * r }, style };
  if (/triangle/i.test(symbol)) return corners([[0, -r], [r, r], [-r, r]]); // biome-ignore format: a triangle
  return corners([[0, -r - 1], [r + 1, 0], [0, r + 1], [-r - 1, 0]]); // biome-ignore format: a diamond
}
