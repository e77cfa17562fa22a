import { INK } from "./axis.js";
import { draw, HEADING_HEIGHT, type Heading } from "./chart.js";

/** Rows by columns, each cell with its number on a colour that grows darker with it. Columns stand in groups under a name of their own. */
export interface HeatMap extends Heading {
  readonly rows: readonly string[];
  readonly groups: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** By row, then by column of all groups in turn. NaN: nothing is known. */
  readonly cells: readonly (readonly number[])[];
  /** How a number is written in its cell. */
  readonly format: (value: number) => string;
  /** Where a number stands on the scale of colours, from 0 to 1. */
  readonly shade: (value: number) => number;
}

const CELL_WIDTH = 48;
const CELL_HEIGHT = 30;
const GROUP_HEIGHT = 46;
/** From next to nothing to the worst: lightness alone tells, so that nobody needs to see colours. */
const LIGHT = [247, 251, 255] as const;
const DARK = [8, 48, 107] as const;

/** The chart as SVG text. */
export function heatMap(chart: HeatMap): string {
  const { rows, groups, cells, format, shade } = chart;
  const columns = groups.flatMap(({ name, columns: own }) => own.map((column) => ({ name, column })));
  const left = 24 + 7.5 * Math.max(...rows.map((row) => row.length));
  const width = left + columns.length * CELL_WIDTH + 24;
  const top = HEADING_HEIGHT + GROUP_HEIGHT;
  const data = cells.flatMap((row, at) => row.map((value, column) => [column, at, value] as const));
  return draw(
    chart,
    { width, height: top + rows.length * CELL_HEIGHT + 24 },
    {
      grid: { left, right: 24, top, bottom: 24, outerBoundsMode: "none" },
      xAxis: [
        {
          type: "category",
          position: "top",
          data: columns.map(({ column }) => column),
          axisTick: { show: false },
          axisLine: { show: false },
          axisLabel: { color: INK, fontSize: 11, interval: 0 },
        },
      ],
      yAxis: {
        type: "category",
        inverse: true,
        data: [...rows],
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { color: INK, fontSize: 13, interval: 0 },
      },
      series: [
        {
          type: "custom",
          silent: true,
          data: data.map((cell) => [...cell]),
          renderItem: (_, api) => {
            const [column, row, value] = [0, 1, 2].map((at) => Number(api.value(at))) as [number, number, number];
            const [x, y] = api.coord([column, row]) as [number, number]; // as: a point of a plane
            const share = Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, shade(value)));
            return {
              type: "group",
              children: [
                {
                  type: "rect",
                  shape: { x: x - CELL_WIDTH / 2, y: y - CELL_HEIGHT / 2, width: CELL_WIDTH - 1, height: CELL_HEIGHT - 1 },
                  style: { fill: colourOf(share) },
                },
                {
                  type: "text",
                  style: {
                    text: Number.isNaN(value) ? "" : format(value),
                    x,
                    y,
                    align: "center",
                    verticalAlign: "middle",
                    fontSize: 11,
                    fill: share > 0.45 ? "#ffffff" : INK,
                  },
                },
              ],
            };
          },
        },
        {
          type: "custom",
          silent: true,
          clip: false,
          data: startsOf(groups).map((start) => [start, 0]),
          renderItem: (params, api) => {
            const [x] = api.coord([api.value(0), 0]) as [number, number]; // as: a point of a plane
            return {
              type: "text",
              style: {
                text: groups[params.dataIndex]!.name,
                x: x - CELL_WIDTH / 2,
                y: top - GROUP_HEIGHT + 8,
                fontSize: 13,
                fontWeight: "bold",
                fill: INK,
              },
            };
          },
        },
      ],
    },
  );
}

/** Position of the first column of each group. */
function startsOf(groups: HeatMap["groups"]): number[] {
  let next = 0;
  return groups.map(({ columns }) => {
    const start = next;
    next += columns.length;
    return start;
  });
}

function colourOf(share: number): string {
  const mixed = LIGHT.map((light, at) => Math.round(light + (DARK[at]! - light) * share));
  return `rgb(${mixed.join(",")})`;
}
