import { expect, test } from "vitest";
import { tick } from "./axis.js";
import { barChart } from "./bar-chart.js";
import { heatMap } from "./heat-map.js";
import { type LineChart, lineChart } from "./line-chart.js";

const about = (median: number) => ({ median, low: median * 0.9, high: median * 1.1 });
const lines: LineChart = {
  title: "Rates & sizes",
  subtitle: "64 in flight",
  x: { name: "tasks in a run", scale: "log" },
  y: { name: "tasks/s", scale: "log" },
  lines: [
    { name: "DataFlower", points: [1, 10, 100, 1000].map((x) => ({ x, y: about(x * 20) })) },
    { name: "Promise.all", points: [1, 10, 100, 1000].map((x) => ({ x, y: x * 50 })) },
  ],
};
const bars = {
  title: "stencil-100",
  x: { name: "tasks/s", scale: "log" as const },
  bars: [
    { name: "DataFlower", value: about(4_120_000), isHighlighted: true },
    { name: "async.auto", value: 220_000 },
    { name: "p-graph", value: undefined },
  ],
};

const map = {
  title: "Regret",
  subtitle: "simulated",
  rows: ["fifo", "sjf"],
  groups: [
    { name: "traces", columns: ["0.5", "1.1"] },
    { name: "cluster", columns: ["0.7"] },
  ],
  cells: [
    [1, 25, Number.NaN],
    [4, 2, 3],
  ],
  format: String,
  shade: (value: number) => value / 25,
};

const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
/** How many unbroken pieces the lines are drawn in. */
const piecesOf = (svg: string) =>
  [...svg.matchAll(/<path d="([^"]*)"[^>]*stroke-width="2"[^>]*stroke-linejoin="bevel"/g)].flatMap((match) => match[1]!.match(/M/g) ?? [])
    .length;

test.each([
  ["lines", () => lineChart(lines)],
  ["bars", () => barChart(bars)],
  ["cells", () => heatMap(map)],
])("%s are the same bytes for the same data, and name nothing that moves", (_, draw) => {
  const first = draw();
  expect(draw()).toBe(first);
  expect(first).not.toMatch(/zr\d|<style|class=|NaN|undefined/);
});

test("a picture is white, whatever is behind it", () => {
  expect(lineChart(lines)).toMatch(/^<svg[^>]*>\s*<rect width="880" height="480" x="0" y="0" fill="#ffffff">/);
});

test("lines stand with title, axes, numbers and names", () => {
  expect(textsOf(lineChart(lines))).toEqual(
    expect.arrayContaining(["Rates &amp; sizes", "64 in flight", "tasks in a run", "tasks/s", "1 k", "100 k", "DataFlower", "Promise.all"]),
  );
});

test("bars stand with names on the left and numbers on the right; what was not measured says so", () => {
  expect(textsOf(barChart(bars))).toEqual(
    expect.arrayContaining(["stencil-100", "DataFlower", "4.12 M", "async.auto", "220 k", "p-graph", "not measured"]),
  );
});

test("bars may be written otherwise", () => {
  expect(textsOf(barChart({ ...bars, format: (value) => `${value / 1e6} million` }))).toContain("0.22 million");
});

test("a missing value is a gap in its line", () => {
  const [ours, theirs] = lines.lines;
  const points = theirs!.points.map(({ x, y }) => ({ x, y: x === 10 ? undefined : y }));
  expect(piecesOf(lineChart(lines))).toBe(2);
  expect(piecesOf(lineChart({ ...lines, lines: [ours!, { name: "Promise.all", points }] }))).toBe(3);
});

test("an interval is drawn where there is one", () => {
  const plain = { ...lines, lines: lines.lines.map(({ name, points }) => ({ name, points: points.map(({ x }) => ({ x, y: x * 20 })) })) };
  const strokes = (svg: string) => svg.match(/stroke-width="1.5"/g)?.length ?? 0;
  expect(strokes(lineChart(plain))).toBe(0);
  expect(strokes(lineChart(lines))).toBe(4 * 3);
  expect(strokes(barChart(bars))).toBe(3);
});

test("zero has no place on a logarithmic axis", () => {
  const lowest = { median: 5, low: 0, high: 9 };
  expect(() => barChart({ ...bars, bars: [{ name: "idle", value: lowest }] })).toThrow(
    "Cannot draw stencil-100 as a logarithmic axis (tasks/s) holds only what is above 0: 0",
  );
  expect(() => lineChart({ ...lines, lines: [{ name: "idle", points: [{ x: 0, y: 1 }] }] })).toThrow("(tasks in a run)");
  expect(barChart({ ...bars, x: { name: "tasks/s" }, bars: [{ name: "idle", value: 0 }] })).toContain("idle");
});

test("numbers along an axis are short", () => {
  expect([0, 0.1, 250, 1000, 1500, 10_000, 2_500_000, 1e9].map(tick)).toEqual(["0", "0.1", "250", "1 k", "1.5 k", "10 k", "2.5 M", "1 G"]);
});

test("a heat map names rows, groups and columns, and writes each known number on a colour of its own", () => {
  const svg = heatMap(map);
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(["Regret", "simulated", "fifo", "sjf", "traces", "cluster", "0.5", "1.1", "0.7", "1", "25", "4", "2", "3"]),
  );
  const darkest = [...svg.matchAll(/fill="rgb\(8,48,107\)"/g)];
  expect(darkest.length).toBe(1); // that of the largest
});
