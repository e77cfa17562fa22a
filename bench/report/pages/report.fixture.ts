import type { Summary, VariantSummary } from "../../experiments/summary.js";
import type { Picture } from "../plots/picture.js";
import { emptyPictures, pictures } from "../plots/pictures.fixture.js";
import type { IndexedRun } from "./index-page.js";
import type { Claim, Report } from "./report.js";

const COMMAND = "npm run experiments -- --only throughput --seed 42";

/** A metric of values around a middle. */
export function metricAround(median: number) {
  return { median, low: median * 0.95, high: median * 1.05, values: [0.95, 1, 1.05, 0.99, 1.01].map((factor) => median * factor) };
}

function variant(key: string, rate: number): VariantSummary {
  return {
    key,
    labels: { contender: key, tasks: 100 },
    n: 5,
    metrics: { tasksPerSecond: metricAround(rate), makespanMs: metricAround(1e5 / rate), residentBytes: metricAround(8.1e7) },
    shares: { succeededShare: { hits: 970, of: 1000, median: 0.97, low: 0.957, high: 0.98 } },
    latencies: { runUs: { count: 12_000, p50: 812, p90: 1_400, p99: 3_100, max: 9_800, curve: [] } },
  };
}

export function summaryNamed(experiment: string, category: string, changes: Partial<Summary> = {}): Summary {
  return {
    category,
    experiment,
    question: "How many tasks a second does each system execute, by the size of a workflow?",
    headline: "DataFlower executes 3.4 times as many as async.auto where workflows have 100 tasks.",
    profile: "quick",
    seed: 42,
    rounds: 5,
    isPartial: false,
    command: COMMAND,
    variants: [
      variant("DataFlower, 2 workers, stencil-100", 88_000),
      variant("async.auto, stencil-100", 9_000),
      {
        ...variant("BullMQ on Redis, stencil-100", 1),
        n: 0,
        absent: "redis-server is not installed",
        metrics: {},
        shares: {},
        latencies: {},
      },
    ],
    ratios: [
      { name: "DataFlower ÷ async.auto, stencil-100", metric: "tasksPerSecond", of: "a", to: "b", median: 3.4, low: 3.1, high: 3.7 },
    ],
    derived: {
      efficiencyAt1000: { median: 0.91, low: 0.88, high: 0.94 },
      notReached: { median: Number.NaN, low: Number.NaN, high: Number.NaN },
    },
    problems: [],
    ...changes,
  };
}

export const claims: readonly Claim[] = [
  {
    name: "simple-dag",
    statement: "Three to five times the throughput of simple DAG executors",
    source: "the mission, finding 1",
    figure: "3.4 ×",
    interval: "[3.1, 3.7]",
    verdict: "holds",
    note: "against async.auto on stencil-100; against plain promises it is slower",
    summaries: ["performance/throughput/summary.json"],
  },
  {
    name: "latency",
    statement: "P50 below 100 ms and P99 below 1 s",
    source: "the mission, finding 5",
    ...{ figure: "P50 812 µs, P99 3.10 ms", interval: "", verdict: "partly", note: "", summaries: ["performance/latency/summary.json"] },
  },
  {
    name: "near-linear",
    statement: "Near-linear scaling to 1,000 concurrent workflows",
    source: "the mission, finding 2",
    ...{ figure: "0.31", interval: "[0.28, 0.34]", verdict: "does not hold", note: "on two cores", summaries: [] },
  },
  {
    name: "cost",
    statement: "40 % lower cost",
    source: "the mission, finding 4",
    ...{ figure: "", interval: "", verdict: "needs --profile full", note: "", summaries: [] },
  },
  {
    name: "paper-p99",
    statement: "Up to 35.4 % lower P99",
    source: "arXiv 2304.14629",
    ...{ figure: "", interval: "", verdict: "not assessed", note: "there is no cluster", summaries: [] },
  },
];

export const report: Report = {
  environment: {
    ...{ cpu: "A processor of some kind @ 2.60GHz", cores: 2, memoryGiB: 8, system: "Linux 6.1", node: "v20.19.0", v8: "11.3.244.8" },
    ...{ flags: [], commit: "1a2b3c4", isDirty: true, time: "2026-01-31T12:00:00.000Z" },
  },
  manifest: {
    ...{
      time: "2026-01-31T12:00:00.000Z",
      commit: "1a2b3c4",
      profile: "quick",
      seed: 42,
      command: "npm run experiments -- --profile quick",
      arguments: ["--profile", "quick"],
    },
    ...{ elapsedMs: 98_000, isPartial: true, reason: "it was interrupted" },
    experiments: [
      { category: "performance", name: "throughput", status: "done", rounds: 5, units: 40 },
      { category: "fault_tolerance", name: "kills", status: "failed", message: "1 of 2,000 tasks was lost", rounds: 5, units: 40 },
    ],
  },
  outcomes: [
    { summary: summaryNamed("throughput", "performance"), pictures: pictures.slice(0, 3) },
    { summary: summaryNamed("schedulers", "comparison", { headline: "" }), pictures: pictures.slice(3) },
    {
      summary: summaryNamed("kills", "fault_tolerance", { isPartial: true, problems: ["1 of 2,000 tasks was lost: DataFlower, round 3"] }),
      pictures: [],
    },
    {
      summary: summaryNamed("many", "scalability", {
        variants: Array.from({ length: 40 }, (_, at) => variant(`DataFlower, ${at} workers`, 9_000 + at)),
      }),
      pictures: [],
    },
    { summary: summaryNamed("nothing", "scalability", { variants: [], ratios: [], derived: {} }), pictures: emptyPictures },
  ],
  claims,
};

/** Names that would do something if they were markup, metrics or commands of a terminal. */
export const hostileNames = [
  '<img src=x onerror="globalThis.hostile = true">',
  "</script><script>globalThis.hostile = true</script>",
  "<!--<script>",
  '"} 1\nfake 42',
  "\u001b[31mred\u001b[0m \u001b]0;title\u0007",
  "'-globalThis.hostile-'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that a template might fill
  "{a} {b} {c} {{hostile}} ${hostile}",
  "javascript:globalThis.hostile=true",
  "__proto__",
  "constructor",
] as const;

const hostile = hostileNames.join(" ");

/** The same report with hostile texts wherever there is a text from outside. */
export const hostileReport: Report = {
  ...report,
  environment: { ...report.environment, cpu: hostile, flags: [hostile] },
  manifest: { ...report.manifest, reason: hostile, command: hostile, commit: hostile },
  outcomes: [{ summary: hostileSummary(), pictures: pictures.map(hostilePicture) }],
  claims: claims.map((claim) => ({
    ...claim,
    name: hostile,
    statement: hostile,
    source: hostile,
    figure: hostile,
    note: hostile,
    summaries: [...hostileNames],
  })),
};

function hostileSummary(): Summary {
  const plain = summaryNamed("throughput", "performance");
  const variants = hostileNames.map((key) => ({
    ...variant(key, 9_000),
    metrics: Object.fromEntries(hostileNames.map((name) => [name, metricAround(3)])),
  }));
  const absent = { ...plain.variants[2]!, key: "absent", absent: hostile };
  return { ...plain, question: hostile, headline: hostile, command: hostile, problems: [hostile], variants: [...variants, absent] };
}

function hostilePicture(picture: Picture): Picture {
  const { x, title, subtitle } = { x: { name: hostile.slice(0, 60) }, title: hostile, subtitle: `n = 5 ${hostile}` };
  const nameOf = (at: number) => hostileNames[at % hostileNames.length]!;
  switch (picture.kind) {
    case "lines":
      return { ...picture, title, subtitle, x, lines: picture.lines.map((line, at) => ({ ...line, name: nameOf(at) })) };
    case "bars":
      return { ...picture, title, subtitle, bars: picture.bars.map((bar, at) => ({ ...bar, name: nameOf(at) })) };
    case "heat-map":
      return { ...picture, title, subtitle, rows: picture.rows.map((_, at) => nameOf(at)) };
    case "scatter":
      return {
        ...picture,
        title,
        subtitle,
        points: picture.points.map((point, at) => ({ ...point, name: nameOf(at), group: nameOf(at) })),
      };
    case "gantt":
      return {
        ...picture,
        title,
        subtitle,
        spans: picture.spans.map((span, at) => ({ ...span, name: nameOf(at), category: nameOf(at), why: hostile })),
      };
  }
}

/** A run whose first metric is as many times as large as in the others. */
export function runWith(folder: string, factor: number, changes: Partial<IndexedRun["manifest"]> = {}): IndexedRun {
  const slower = variant("DataFlower, 2 workers, stencil-100", 88_000 * factor);
  const alike = variant("async.auto, stencil-100", 9_000 + factor);
  const summaries = [summaryNamed("throughput", "performance", { variants: [alike, slower] })];
  return { folder, manifest: { ...report.manifest, isPartial: false, ...changes }, summaries };
}
