import { median } from "../harness/statistics.js";
import { rate } from "../report/quantities.js";
import { type Finding, type Goal, medianFinding, ratioFinding } from "./goal.js";

export const STENCIL = "stencil-100";
/** Small runs: one task, and the smallest shape in which tasks part and meet again. */
export const ONE_TASK = "chain-1";
export const TEN_TASKS = "fan-10";
export const POOLS = ["piscina-task", "tinypool-task", "poolifier-task", "workerpool-task"] as const;

const COMMAND = "npm run goals -- throughput";
/** Instead of a tenth of the echo. */
const TEN_TASK_FLOOR_PER_SECOND = 50_000;

/** Names what a sample is of. */
export const keyOf = (contender: string, workload: string, handlers: "sync" | "async" = "sync") => `${contender} ${workload} ${handlers}`;

export type KeyedSample = Readonly<Record<string, unknown>> & { readonly key: string };

/** The samples by what they are of: one figure a round, in the order of the rounds. */
export class Figures {
  readonly #samples: readonly KeyedSample[];

  constructor(samples: readonly KeyedSample[]) {
    this.#samples = samples;
  }

  of(key: string, field: string): number[] {
    return this.#samples.filter((sample) => sample.key === key).map((sample) => Number(sample[field]));
  }

  runs(contender: string, workload: string, handlers: "sync" | "async" = "sync"): number[] {
    return this.of(keyOf(contender, workload, handlers), "runsPerSecond");
  }
}

interface Context {
  readonly cores: number;
  readonly seed: number;
}

/** All goals of small tasks and small runs, in the order in which they are printed. */
export function throughputFindings(figures: Figures, context: Context): Finding[] {
  return [
    ...stencilFindings(figures, context),
    ...asyncFindings(figures, context),
    ...smallRunFindings(figures, context),
    ...spinFindings(figures, context),
  ];
}

function stencilFindings(figures: Figures, { cores, seed }: Context): Finding[] {
  const ours = figures.runs("dataflower", STENCIL);
  const inThreads = figures.runs("promises-threads", STENCIL);
  const auto = figures.runs("async-auto", STENCIL);
  const [best] = [...POOLS].sort((a, b) => median(figures.runs(b, STENCIL)) - median(figures.runs(a, STENCIL)));
  const pool = best!.replace("-task", "");
  return [
    medianFinding(goal(`${STENCIL}, tasks`, "/s"), tasksOf(ours), seed),
    ratioFinding(goal(`${STENCIL} ÷ Promise.all in ${cores} threads`, "×", 0.35), ours, inThreads, seed),
    ratioFinding(goal(`${STENCIL} ÷ async.auto`, "×", 10), ours, auto, seed),
    ratioFinding(goal(`${STENCIL} ÷ async.auto, floor`, "×", 5), ours, auto, seed),
    ratioFinding(goal(`${STENCIL} ÷ ${pool}, the best pool with a task a message`, "×", 30), ours, figures.runs(best!, STENCIL), seed),
  ];
}

/** Printed beside the others; no goal is set for them. */
function asyncFindings(figures: Figures, { seed }: Context): Finding[] {
  const ours = figures.runs("dataflower", STENCIL, "async");
  const inThreads = figures.runs("promises-threads", STENCIL, "async");
  return [
    medianFinding(goal(`${STENCIL}, async handlers, tasks`, "/s"), tasksOf(ours), seed),
    ratioFinding(goal(`${STENCIL}, async handlers ÷ Promise.all likewise`, "×"), ours, inThreads, seed),
  ];
}

function smallRunFindings(figures: Figures, { seed }: Context): Finding[] {
  const echo = figures.of("echo", "echoesPerSecond");
  const ten = figures.runs("dataflower", TEN_TASKS);
  const one = figures.runs("dataflower", ONE_TASK);
  return [
    medianFinding(goal("postMessage echo", "/s"), echo, seed),
    medianFinding(goal("10-task runs", "/s"), ten, seed),
    ratioFinding(goal("10-task runs ÷ postMessage echo", "×", 0.35), ten, echo, seed),
    tenTaskFloor(ten, echo, seed),
    medianFinding(goal("1-task runs", "/s"), one, seed),
    ratioFinding(goal("1-task runs ÷ postMessage echo", "×", 0.7), one, echo, seed),
  ];
}

/** Either will do: so many runs a second, or a tenth of the echo. */
function tenTaskFloor(ten: readonly number[], echo: readonly number[], seed: number): Finding {
  if (median(ten) >= TEN_TASK_FLOOR_PER_SECOND)
    return medianFinding(goal("10-task runs, floor", "/s", TEN_TASK_FLOOR_PER_SECOND), ten, seed);
  const name = `10-task runs ÷ postMessage echo, floor (or ${rate(TEN_TASK_FLOOR_PER_SECOND)}/s)`;
  return ratioFinding(goal(name, "×", 0.1), ten, echo, seed);
}

function spinFindings(figures: Figures, { seed }: Context): Finding[] {
  return [
    medianFinding(goal("16-column stencil of 1 ms tasks: useful work", "%", 0.85), figures.of("spin", "usefulShare"), seed),
    medianFinding(goal("16-column stencil: the same, 1 ms a task counted", "%"), figures.of("spin", "nominalShare"), seed),
    medianFinding(goal("16-column stencil of 1 ms tasks: least busy worker", "%", 0.25), figures.of("spin", "smallestWorkerShare"), seed),
  ];
}

function goal(name: string, unit: Goal["unit"], limit?: number): Goal {
  return { name, unit, command: COMMAND, ...(limit === undefined ? {} : { limit }) };
}

const tasksOf = (runsPerSecond: readonly number[]) => runsPerSecond.map((runs) => runs * Number(STENCIL.split("-")[1]));
