import { Learners, RunTimeModel, type Schedulable } from "dataflower/schedulers";
import { readWorkload, type SimulatedRun, simulate } from "dataflower/simulation";
import { seeded } from "../harness/random.js";
import { median } from "../harness/statistics.js";
import { BAG_TASKS, bagRuns } from "../workloads/recorded-bag.js";

/** How long tasks of the recorded bag waited. */
export interface BlindWait {
  readonly scheduler: string;
  readonly estimates: "exact" | "none";
  readonly runs: number;
  readonly machines: number;
  /** Of the second half of the tasks, by submission, in ms. */
  readonly secondHalfMs: number;
}

export const BLIND_MACHINES = 28;

/** FIFO, what is learnt without being told anything, and what an oracle could do. */
export const blindCases = [
  { scheduler: "fifo", estimates: "none" },
  { scheduler: "learned", estimates: "none" },
  { scheduler: "sjf", estimates: "exact" },
] as const satisfies readonly Pick<BlindWait, "scheduler" | "estimates">[];

/** Throws unless each task was started once. */
export function blindWait(sharedData: string, { scheduler, estimates }: (typeof blindCases)[number], runs = BAG_TASKS): BlindWait {
  const submitted = bagRuns(sharedData, { runs, machines: BLIND_MACHINES, estimates });
  const { decisions = [] } = simulate({ runs: submitted, machines: BLIND_MACHINES, scheduler, decisions: true });
  const half = submitted.length >> 1;
  const later = decisions.filter(({ run }) => run >= half);
  if (decisions.length !== runs) throw new Error(`Cannot count waits as each of ${runs} tasks must start once: found ${decisions.length}`);
  const secondHalfMs = later.reduce((sum, { atMs, run }) => sum + atMs - submitted[run]!.submitMs, 0) / later.length;
  return { scheduler, estimates, runs, machines: BLIND_MACHINES, secondHalfMs };
}

/** How far predictions of run times were off. */
export interface PredictionError {
  readonly predictor: string;
  readonly tasks: number;
  /** Of all tasks, the median of the larger of predicted ÷ taken and taken ÷ predicted. */
  readonly factor: number;
}

/** Two recordings of one workflow are learnt from, the third one is predicted. */
const REPEATS = ["001", "002", "003"].map((number) => `wfinstances/srasearch-chameleon-10a-${number}.json`);

interface Seen {
  readonly name: string;
  readonly ms: number;
  readonly facts: Schedulable;
}

/** Beside one time for all, any of the times that were seen, and the mean of each task's own times. */
export function repeatErrors(sharedData: string, seed: number): PredictionError[] {
  const repeats = REPEATS.map((file) => tasksOf([...readWorkload({ files: [`${sharedData}${file}`] })][0]!)); // one of each file
  const [predicted, known] = [repeats.at(-1)!, repeats.slice(0, -1).flat()];
  const model = new Learners().of("learned", () => new RunTimeModel());
  for (const { facts, ms } of known) model.observe(facts, ms);
  const random = seeded(seed);
  const meanMs = known.reduce((sum, { ms }) => sum + ms, 0) / known.length;
  const meanOf = (name: string): number => {
    const own = known.filter((one) => one.name === name);
    return own.length === 0 ? meanMs : own.reduce((sum, { ms }) => sum + ms, 0) / own.length;
  };
  const predictors: Readonly<Record<string, (task: Seen) => number>> = {
    learned: ({ facts }) => model.expectedMs(facts, facts.inputBytes) ?? meanMs,
    "mean by id": ({ name }) => meanOf(name),
    constant: () => meanMs,
    random: () => known[Math.floor(random() * known.length)]!.ms,
  };
  return Object.entries(predictors).map(([predictor, predict]) => ({
    predictor,
    tasks: predicted.length,
    factor: median(predicted.map((task) => off(predict(task), task.ms))),
  }));
}

/** From 1. Times below a millisecond are taken for one. */
function off(predictedMs: number, takenMs: number): number {
  const ratio = Math.max(predictedMs, 1) / Math.max(takenMs, 1);
  return Math.max(ratio, 1 / ratio);
}

/** What a policy would know of each task of a recorded workflow. */
function tasksOf({ workflow }: SimulatedRun): Seen[] {
  const { graph, inputBytes } = workflow;
  const tasks: Seen[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.handler[node]! < 0) continue; // no task
    const { cpus = 1, memoryBytes } = graph.options(node);
    const bytes = inputBytes?.[node] ?? 0;
    const facts: Schedulable = {
      ...{ runId: "recorded", task: graph.name(node), category: graph.label(node), order: 0, position: node, readyAt: 0, submittedAt: 0 },
      ...{ priority: 0, estimate: undefined, deadline: undefined, cpus, memory: memoryBytes, remainingPath: 0, attempt: 1 },
      ...{ inputBytes: bytes, place: -1, note: bytes },
    };
    tasks.push({ name: graph.name(node), ms: workflow.durationMs(node), facts });
  }
  return tasks;
}
