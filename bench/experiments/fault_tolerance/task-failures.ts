import type { CoinsAtParameters, CoinsSample } from "../../harness/measurements/coins.js";
import type { Line, Picture } from "../../report/plots/picture.js";
import { closedForm } from "../../workloads/coins.js";
import { count, listOf, share, size } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import type { ShareSummary, Summary, VariantSummary } from "../summary.js";
import { cellsOf, problemOf } from "./closed-form/cells.js";

interface TaskFailuresVariant extends Variant {
  readonly tasks: number;
  readonly attempts: number;
  readonly failureShares: readonly number[];
  readonly runs: number;
}

const measurement = new URL("../../harness/measurements/coins.js", import.meta.url);
/** Which the pictures hold fast, where they were measured. */
const ATTEMPTS_SHOWN = 3;
const TASKS_SHOWN = 100;
const RATE_TOLD = 0.2;
/** Of the shares, each of which is of one failure rate. */
const PREFIX = "completedAt";

export default experiment({
  name: "task_failures",
  category: "fault_tolerance",
  question: "How many runs complete when tasks fail by chance?",
  config: {
    failure_rates: listOf(share),
    workflow_sizes: listOf(size.max(1_000)),
    attempts: listOf(count.max(20)),
    num_workflows: count.max(10_000),
  },
  variants: ({ failure_rates, workflow_sizes, attempts, num_workflows: runs }): TaskFailuresVariant[] =>
    workflow_sizes.flatMap((tasks) =>
      attempts.map((most) => ({
        key: `${tasks} tasks, ${most} attempts`,
        labels: { tasks, attempts: most, runs },
        ...{ tasks, attempts: most, failureShares: failure_rates, runs },
      })),
    ),
  async measure({ tasks, attempts, failureShares, runs }, { call, cores, seed }) {
    const parameters: CoinsAtParameters = { threads: cores, runs, seed, tasks, attempts, failureShares };
    const samples = (await call(measurement, "measureCoinsAt", parameters)) as CoinsSample[]; // as: what it returns
    return {
      shares: Object.fromEntries(samples.map((one) => [`${PREFIX}${one.failureShare}`, { hits: one.completed, of: one.runs }])),
      facts: { cells: samples },
    };
  },
  check: (samples) => problemOf(cellsOf(samples.flatMap(({ facts }) => (facts?.cells ?? []) as CoinsSample[]))), // as: what measure() keeps
  headline({ variants }) {
    const [told] = variants.flatMap(cellsSeen).sort((a, b) => distance(a) - distance(b));
    if (told === undefined) return "not measured";
    const { tasks, attempts, failureShare, completed } = told;
    const seen = `${percent(completed.median)} % [${percent(completed.low)}, ${percent(completed.high)}]`;
    return `${seen} of runs of ${tasks} tasks complete when ${percent(failureShare)} % of attempts fail and a task has ${attempts}; (1 − p^a)^N is ${percent(closedForm(told))} %`;
  },
  figure: (summary) => [
    picture(summary, { by: "tasks", held: "attempts", preferred: ATTEMPTS_SHOWN }),
    picture(summary, { by: "attempts", held: "tasks", preferred: TASKS_SHOWN }),
  ],
});

interface CellSeen {
  readonly tasks: number;
  readonly attempts: number;
  readonly failureShare: number;
  readonly completed: ShareSummary;
}

function cellsSeen({ labels, shares }: VariantSummary): CellSeen[] {
  return Object.entries(shares)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, completed]) => ({
      tasks: Number(labels.tasks),
      attempts: Number(labels.attempts),
      failureShare: Number(name.slice(PREFIX.length)),
      completed,
    }))
    .sort((a, b) => a.failureShare - b.failureShare);
}

function percent(part: number): number {
  return Number((part * 100).toPrecision(3));
}

/** From the cell that the headline would like to tell of. */
function distance({ failureShare, attempts, tasks }: CellSeen): number {
  return Math.abs(failureShare - RATE_TOLD) * 1e6 + Math.abs(attempts - ATTEMPTS_SHOWN) * 1e4 + Math.abs(tasks - TASKS_SHOWN);
}

interface Cut {
  readonly by: "tasks" | "attempts";
  readonly held: "tasks" | "attempts";
  readonly preferred: number;
}

/** Success by failure rate, a line for each `by`, at one value of `held`: the preferred one, or else the largest. */
function picture(summary: Summary, { by, held, preferred }: Cut): Picture {
  const values = summary.variants.map(({ labels }) => Number(labels[held]));
  const value = values.includes(preferred) ? preferred : Math.max(0, ...values);
  const shown = summary.variants.filter(({ labels }) => labels[held] === value);
  const runs = shown[0]?.labels.runs ?? 0;
  return {
    kind: "lines",
    name: `task-failures-by-${by}`,
    title: "How many runs complete when tasks fail by chance?",
    subtitle: subtitleOf(summary, `${runs} runs a point and round, ${value} ${held === "tasks" ? "tasks a run" : "attempts a task"}`),
    x: { name: "attempts that fail, %" },
    y: { name: "runs that complete, %" },
    lines: shown.flatMap((variant) => linesOf(cellsSeen(variant), `${variant.labels[by]} ${by}`)),
  };
}

/** What was measured over what the closed form says. */
function linesOf(cells: readonly CellSeen[], name: string): Line[] {
  const measured = cells.map(({ failureShare, completed: { median, low, high } }) => ({
    x: 100 * failureShare,
    y: { median: 100 * median, low: 100 * low, high: 100 * high },
  }));
  const computed = cells.map((cell) => ({ x: 100 * cell.failureShare, y: 100 * closedForm(cell) }));
  return [
    { name, points: measured },
    { name: `${name}, (1 − p^a)^N`, points: computed, stroke: "dashed" },
  ];
}
