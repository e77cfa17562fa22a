import type { BarPicture, GanttPicture, HeatMapPicture, LinePicture, Picture, ScatterPicture } from "./picture.js";

const about = (median: number, share = 0.1) => ({ median, low: median * (1 - share), high: median * (1 + share) });
const around = (median: number, count = 5) => Array.from({ length: count }, (_, at) => median * (0.9 + (0.2 * at) / (count - 1)));
const COMMAND = "n = 5 of 5 rounds; 64 in flight; npm run experiments -- --only throughput --seed 42";
const sizes = [10, 50, 100, 500];

const contenders = [
  ["DataFlower, 2 workers", 21_000],
  ["DataFlower, no workers: tasks run on the calling thread", 19_500],
  ["async.auto", 9_000],
  ["p-graph", 4_100],
  ["piscina, a task a message", 8_900],
  ["BullMQ on Redis, a flow a workflow, removed when completed", 310],
  ["Promise.all", 48_000],
] as const;

export const linePicture: LinePicture = {
  kind: "lines",
  name: "throughput",
  title:
    "How many tasks a second does each system execute, by the size of a workflow, with handlers that do nothing but return their input?",
  subtitle: COMMAND,
  x: { name: "tasks in a workflow", scale: "log" },
  y: { name: "tasks/s", scale: "log" },
  lines: contenders.map(([name, base], line) => ({
    name,
    points: sizes.map((x) => ({ x, y: line === 3 && x === 100 ? undefined : about(base * x ** 0.3) })),
    samples: sizes.flatMap((x) => around(base * x ** 0.3).map((y) => [x, y] as const)),
  })),
};

export const scalingPicture: LinePicture = {
  kind: "lines",
  name: "scaling",
  title: "How much faster is it with more workers?",
  subtitle: "n = 3 of 3 rounds; 64 in flight; simulated from 4 workers on",
  x: { name: "workers", scale: "log" },
  y: { name: "speedup" },
  hatchedFrom: 2,
  lines: [
    {
      name: "measured",
      points: [1, 2].map((x) => ({ x, y: about(x * 0.96) })),
      samples: [1, 2].flatMap((x) => around(x * 0.96).map((y) => [x, y] as const)),
    },
    { name: "simulated", points: [1, 2, 4, 8, 16, 32].map((x) => ({ x, y: x * 0.9 })) },
    { name: "ideal", points: [1, 2, 4, 8, 16, 32].map((x) => ({ x, y: x })), stroke: "dashed" },
  ],
};

export const barPicture: BarPicture = {
  kind: "bars",
  name: "peers",
  title: "stencil-100: tasks a second",
  subtitle: COMMAND,
  x: { name: "tasks/s", scale: "log" },
  format: "rate",
  bars: [
    ...contenders.map(([name, base], at) => ({ name, value: about(base), samples: around(base), isHighlighted: at < 2 })),
    { name: "Temporal (its server is missing)", value: undefined },
  ],
};

const policies = ["fifo", "sjf", "heft", "work-stealing", "deadline first, then the longest path to the end"];

export const heatMapPicture: HeatMapPicture = {
  kind: "heat-map",
  name: "regret",
  title: "How much slower than the best policy is each?",
  subtitle: "n = 25 traces; simulated, ideal dispatch; columns are loads",
  rows: policies,
  groups: [
    { name: "traces", columns: ["0.5", "0.7", "0.9", "1.1"] },
    { name: "a cluster of many machines", columns: ["0.7"] },
    { name: "adversarial", columns: ["0.5", "0.9"] },
  ],
  cells: policies.map((_, row) =>
    Array.from({ length: 7 }, (_, column) => (row === 2 && column === 3 ? null : 1 + row * column * column * 2.3)),
  ),
  format: "factor",
  shade: { from: 1, to: 100, scale: "log" },
};

export const scatterPicture: ScatterPicture = {
  kind: "scatter",
  name: "cost",
  title: "Which configuration is cheap, and which is fast?",
  subtitle: "n = 5 of 5 rounds; half of the capacity offered",
  x: { name: "cost in $ for a million workflows" },
  y: { name: "P99 in ms", scale: "log" },
  hasFrontier: true,
  points: Array.from({ length: 24 }, (_, at) => ({
    name: `${["fifo", "heft", "sjf"][at % 3]}, ${1 + Math.floor(at / 6)} workers`,
    group: ["released by workers", "released by the control thread"][at % 2]!,
    x: about(0.2 + ((at * 7) % 24) / 20, 0.03),
    y: about(4 + 60 / (1 + ((at * 7) % 24)) + ((at * 5) % 7) * 9, 0.06),
  })),
};

export const ganttPicture: GanttPicture = {
  kind: "gantt",
  name: "run",
  title: "What did each worker do during a run, and why did tasks wait?",
  subtitle: "n = 1 run of a recorded workflow (montage), 2 workers",
  rows: ["worker 0", "worker 1", "the calling thread"],
  spans: Array.from({ length: 26 }, (_, at) => ({
    name: `mProject_${at}`,
    category: ["mProject", "mDiffFit", "mBackground"][at % 3]!,
    row: at % 2,
    startMs: Math.floor(at / 2) * 12 + 2,
    endMs: Math.floor(at / 2) * 12 + (at % 5 === 0 ? 3 : 11),
    readyMs: Math.max(0, Math.floor(at / 2) * 12 - 8),
    why: at % 2 === 0 ? `worker 0 was executing mProject_${at - 2} until then` : "its input came from worker 0 and had to be copied",
  })),
};

/** One of each kind, with what such pictures may hold. */
export const pictures: readonly Picture[] = [linePicture, scalingPicture, barPicture, heatMapPicture, scatterPicture, ganttPicture];

/** Each kind with nothing in it. */
export const emptyPictures: readonly Picture[] = [
  { ...linePicture, name: "no-lines", lines: [] },
  {
    ...linePicture,
    name: "empty-line",
    lines: [
      {
        name: "BullMQ",
        points: [
          { x: 10, y: undefined },
          { x: 50, y: Number.NaN },
        ],
      },
    ],
  },
  { ...barPicture, name: "no-bars", bars: [] },
  { ...barPicture, name: "empty-bar", bars: [{ name: "BullMQ", value: undefined }] },
  { ...heatMapPicture, name: "no-cells", rows: [], groups: [], cells: [] },
  { ...scatterPicture, name: "no-points", points: [] },
  { ...ganttPicture, name: "no-spans", spans: [] },
];
