import { expect, test } from "vitest";
import { tick } from "./axis.js";
import type { BarPicture, GanttPicture, HeatMapPicture, LinePicture } from "./picture.js";
import { emptyPictures, ganttPicture, linePicture, pictures, scatterPicture } from "./pictures.fixture.js";
import { svgOf } from "./svg.js";

const about = (median: number) => ({ median, low: median * 0.9, high: median * 1.1 });
const lines: LinePicture = {
  kind: "lines",
  name: "rates",
  title: "Rates & sizes",
  subtitle: "64 in flight",
  x: { name: "tasks in a run", scale: "log" },
  y: { name: "tasks/s", scale: "log" },
  lines: [
    { name: "DataFlower", points: [1, 10, 100, 1000].map((x) => ({ x, y: about(x * 20) })) },
    { name: "Promise.all", points: [1, 10, 100, 1000].map((x) => ({ x, y: x * 50 })) },
  ],
};
const bars: BarPicture = {
  kind: "bars",
  name: "stencil",
  title: "stencil-100",
  subtitle: "",
  x: { name: "tasks/s", scale: "log" },
  format: "rate",
  bars: [
    { name: "DataFlower", value: about(4_120_000), isHighlighted: true },
    { name: "async.auto", value: 220_000 },
    { name: "p-graph", value: undefined },
  ],
};
const map: HeatMapPicture = {
  kind: "heat-map",
  name: "regret",
  title: "Regret",
  subtitle: "simulated",
  rows: ["fifo", "sjf"],
  groups: [
    { name: "traces", columns: ["0.5", "1.1"] },
    { name: "cluster", columns: ["0.7"] },
  ],
  cells: [
    [1, 25, Number.NaN],
    [4, 2, null],
  ],
  format: "factor",
  shade: { from: 1, to: 25, scale: "log" },
};

const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
/** How many unbroken pieces the lines are drawn in. */
const piecesOf = (svg: string) =>
  [...svg.matchAll(/<path d="([^"]*)"[^>]*stroke-width="2"[^>]*stroke-linejoin="bevel"/g)].flatMap((match) => match[1]!.match(/M/g) ?? [])
    .length;

test.each([...pictures, ...emptyPictures])("$kind ($name) are the same bytes for the same data, and name nothing that moves", (picture) => {
  const first = svgOf(picture);
  expect(svgOf(picture)).toBe(first);
  expect(first).not.toMatch(/zr\d|<style|class=|NaN|undefined/);
});

test.each(pictures)("$kind ($name) that have been JSON are the same", (picture) => {
  expect(svgOf(JSON.parse(JSON.stringify(picture)))).toBe(svgOf(picture));
});

test.each(emptyPictures.filter(({ name }) => name !== "empty-bar"))("$kind ($name) without anything say so", (picture) => {
  expect(textsOf(svgOf(picture))).toContain("nothing was measured");
});

test("a picture is white, whatever is behind it", () => {
  expect(svgOf(lines)).toMatch(/^<svg[^>]*>\s*<rect width="880" height="\d+" x="0" y="0" fill="#ffffff">/);
});

test("lines stand with title, axes, numbers and names", () => {
  expect(textsOf(svgOf(lines))).toEqual(
    expect.arrayContaining(["Rates &amp; sizes", "64 in flight", "tasks in a run", "tasks/s", "1 k", "100 k", "DataFlower", "Promise.all"]),
  );
});

test("bars stand with names on the left and numbers on the right; what was not measured says so", () => {
  expect(textsOf(svgOf(bars))).toEqual(
    expect.arrayContaining(["stencil-100", "DataFlower", "4.12 M", "async.auto", "220 k", "p-graph", "not measured"]),
  );
});

test("bars may be written otherwise", () => {
  expect(textsOf(svgOf({ ...bars, format: "ms" }))).toContain("220 s");
});

test("a title that is wider than its picture goes on below, and moves what is under it", () => {
  const long = { ...lines, title: "How many tasks a second? ".repeat(9).trim() };
  const height = (svg: string) => Number(/height="(\d+)"/.exec(svg)![1]);
  expect(textsOf(svgOf(long)).filter((text) => text!.includes("tasks a")).length).toBe(3);
  expect(height(svgOf(long))).toBeGreaterThan(height(svgOf(lines)) + 40);
});

test("a missing value is a gap in its line", () => {
  const [ours, theirs] = lines.lines;
  const points = theirs!.points.map(({ x, y }) => ({ x, y: x === 10 ? undefined : y }));
  expect(piecesOf(svgOf(lines))).toBe(2);
  expect(piecesOf(svgOf({ ...lines, lines: [ours!, { name: "Promise.all", points }] }))).toBe(3);
});

test("a line that was not measured, or whose samples are all void, has its name", () => {
  const svg = svgOf({ ...lines, lines: [...lines.lines, { name: "BullMQ", points: [{ x: 10, y: undefined }] }] });
  expect(textsOf(svg)).toContain("BullMQ: not measured");
  const isVoid = svgOf({ ...lines, lines: [...lines.lines, { name: "BullMQ", points: [{ x: 10, y: undefined }], samples: [[10, 200]] }] });
  expect(textsOf(isVoid)).toContain("BullMQ: void");
});

test("an interval is drawn where there is one", () => {
  const plain = { ...lines, lines: lines.lines.map(({ name, points }) => ({ name, points: points.map(({ x }) => ({ x, y: x * 20 })) })) };
  const strokes = (svg: string) => svg.match(/stroke-width="1.5"/g)?.length ?? 0;
  expect(strokes(svgOf(plain))).toBe(0);
  expect(strokes(svgOf(lines))).toBe(4 * 3);
  expect(strokes(svgOf(bars))).toBe(3);
});

test("every sample is drawn, faintly", () => {
  const faint = (svg: string) => svg.match(/fill-opacity="0.3"/g)?.length ?? 0;
  expect(faint(svgOf(linePicture))).toBe(7 * 4 * 5);
  expect(faint(svgOf({ ...bars, bars: [{ name: "DataFlower", value: 5, samples: [4, 5, 6] }] }))).toBe(3);
});

test("what is computed is dashed, and the plane is hatched where nothing was measured", () => {
  const [ours] = lines.lines;
  const dashed = svgOf({ ...lines, lines: [{ ...ours!, stroke: "dashed" }] });
  expect(svgOf(lines)).not.toContain("stroke-dasharray");
  expect(dashed).toContain("stroke-dasharray");
  expect(svgOf(lines)).not.toContain('stroke-width="0.7"');
  expect(svgOf({ ...lines, hatchedFrom: 10 }).match(/stroke-width="0.7"/g)!.length).toBeGreaterThan(20);
});

test("zero has no place on a logarithmic axis", () => {
  const lowest = { median: 5, low: 0, high: 9 };
  const refused = "Cannot draw stencil-100 as a logarithmic axis (tasks/s) holds only what is above 0: 0";
  expect(() => svgOf({ ...bars, bars: [{ name: "idle", value: lowest }] })).toThrow(refused);
  expect(() => svgOf({ ...bars, bars: [{ name: "idle", value: 5, samples: [0] }] })).toThrow(refused);
  expect(() => svgOf({ ...lines, lines: [{ name: "idle", points: [{ x: 0, y: 1 }] }] })).toThrow("(tasks in a run)");
  expect(svgOf({ ...bars, x: { name: "tasks/s" }, bars: [{ name: "idle", value: 0 }] })).toContain("idle");
});

test("numbers along an axis are short", () => {
  expect([0, 0.1, 250, 1000, 1500, 10_000, 2_500_000, 1e9].map(tick)).toEqual(["0", "0.1", "250", "1 k", "1.5 k", "10 k", "2.5 M", "1 G"]);
});

test("a heat map names rows, groups and columns, and writes each known number on a colour of its own", () => {
  const svg = svgOf(map);
  const texts = ["Regret", "simulated", "fifo", "sjf", "traces", "cluster", "0.5", "1.1", "0.7", "1 ×", "25 ×", "4 ×", "2 ×"];
  expect(textsOf(svg)).toEqual(expect.arrayContaining(texts));
  expect(svg.match(/fill="rgb\(8,48,107\)"/g)!.length).toBe(1); // that of the largest
  expect(svg.match(/fill="#eaeef2"/g)!.length).toBe(2); // those that are not known
});

test("a scatter has a name at each point, a key for each group, and its frontier", () => {
  const texts = textsOf(svgOf(scatterPicture));
  expect(texts).toEqual(expect.arrayContaining(["released by workers", "released by the control thread", "no other is lower in both"]));
  expect(texts.filter((text) => /workers$/.test(text!) && /^(fifo|heft|sjf)/.test(text!)).length).toBe(24);
  expect(textsOf(svgOf({ ...scatterPicture, hasFrontier: false }))).not.toContain("no other is lower in both");
});

test("a Gantt chart has a rectangle a task and a grey one for how long it waited", () => {
  const span = { name: "read", category: "io", row: 0, startMs: 40, endMs: 90, readyMs: 10, why: "worker 0 was busy" };
  const chart: GanttPicture = {
    ...ganttPicture,
    rows: ["worker 0"],
    spans: [span, { ...span, name: "late", startMs: 90, endMs: 95, readyMs: 90 }],
  };
  const svg = svgOf(chart);
  const widths = (fill: string) =>
    [...svg.matchAll(new RegExp(`<path d="M[\\d.]+ [\\d.]+l([\\d.]+)[^"]*"[^>]*fill="${fill}"`, "g"))].map((match) => Number(match[1]));
  const [ran, short] = widths("#0072b2");
  const [waited] = widths("#b6bec7");
  expect(ran! / short!).toBeCloseTo(10, 1);
  expect(waited! / ran!).toBeCloseTo(30 / 50, 1);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(["worker 0", "io", "read", "grey: from ready to start"]));
});

test("names that every object has are names like others", () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const before = [...names];
  const title = names.join(" ");
  const named = names.map((name) => ({ name, points: [{ x: 10, y: about(20) }] }));
  const svgs = [svgOf({ ...lines, title, lines: named }), svgOf({ ...bars, title, bars: names.map((name) => ({ name, value: 5 })) })];
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(Object.keys(Object)).toEqual([]);
  for (const svg of svgs) {
    expect(textsOf(svg)).toEqual(expect.arrayContaining(names.map((name) => `${name}\u2060`)));
    expect(svg).not.toContain("NaN");
  }
});
