import type { MeasuredOperation } from "../harness/measurements/micro.js";
import { count } from "../report/quantities.js";
import { type Finding, type Goal, medianFinding, plainFinding } from "./goal.js";
import { type DeadlineMisses, deadlineMachines, deadlineNames } from "./scheduler-deadlines.js";
import { bagLoads, type LoadedBag } from "./scheduler-loads.js";
import type { BlindWait, PredictionError } from "./scheduler-predictions.js";

const COMMAND = "npm run goals -- schedulers";
/** Of FIFO's misses. */
const MISSES_MAX = 0.1;
/** Of FIFO's wait. */
const BLIND_WAIT_MAX = 0.45;
/** Of the best static policy's slowdown. */
const ADAPTIVE_MAX = 1.05;
const ADAPTIVE_POLICIES_MIN = 2;
const DECISION_NS_MAX = 1_000;

/** What was not measured is empty. */
export interface SchedulerFigures {
  readonly deadlines: readonly DeadlineMisses[];
  readonly blind: readonly BlindWait[];
  readonly errors: readonly PredictionError[];
  readonly loaded: readonly LoadedBag[];
  readonly decisions: readonly MeasuredOperation[];
}

/** All goals of schedulers but those of costs, in the order in which they are printed. */
export function schedulerFindings(figures: SchedulerFigures, seed: number): Finding[] {
  return [
    ...deadlineFindings(figures.deadlines),
    ...blindFindings(figures.blind),
    ...errorFindings(figures.errors),
    ...adaptiveFindings(figures.loaded),
    ...decisionFindings(figures.decisions, seed),
  ];
}

/** The first kind of deadlines is judged: against FIFO on the larger number of machines, against SJF on the smaller one. */
function deadlineFindings(all: readonly DeadlineMisses[]): Finding[] {
  const [judged] = deadlineNames;
  const [many, few] = deadlineMachines;
  return deadlineNames.flatMap((name) =>
    deadlineMachines.flatMap((machines) =>
      (["fifo", "sjf"] as const).map((other) => {
        const missesOf = (scheduler: string) =>
          all.find((one) => one.deadlines === name && one.machines === machines && one.scheduler === scheduler)?.misses;
        const [ours, theirs] = [missesOf("deadline"), missesOf(other)];
        const title = `deadlines ${name}, ${machines} machines: misses of deadline ÷ ${other}`;
        const limits = name !== judged ? {} : limitsOf(other === "fifo" && machines === many, other === "sjf" && machines === few);
        if (ours === undefined || theirs === undefined) return goal(title, "×", limits);
        return plainFinding(goal(`${title}: ${count(ours)} ÷ ${count(theirs)}`, "×", limits), ours / theirs);
      }),
    ),
  );
}

/** Fewer than SJF means less than all of them. */
function limitsOf(isBesideFifo: boolean, isBesideSjf: boolean): Pick<Goal, "limitMax"> {
  if (isBesideFifo) return { limitMax: MISSES_MAX };
  return isBesideSjf ? { limitMax: 1 - Number.EPSILON } : {};
}

function blindFindings(waits: readonly BlindWait[]): Finding[] {
  const waitOf = (scheduler: string) => waits.find((one) => one.scheduler === scheduler)?.secondHalfMs ?? Number.NaN;
  const [fifo, learned, oracle] = [waitOf("fifo"), waitOf("learned"), waitOf("sjf")];
  const found = (wanted: Goal, figure: number): Finding => (Number.isNaN(figure) ? wanted : plainFinding(wanted, figure));
  return [
    found(goal("run times unknown: mean wait of the second half, learned ÷ fifo", "×", { limitMax: BLIND_WAIT_MAX }), learned / fifo),
    found(goal("the same of an oracle, sjf told all run times ÷ fifo", "×"), oracle / fifo),
    found(goal("price of misprediction: learned ÷ the oracle", "×"), learned / oracle),
  ];
}

function errorFindings(errors: readonly PredictionError[]): Finding[] {
  const names = ["learned", "mean by id", "constant", "random"];
  return names.map((name) => {
    const found = errors.find(({ predictor }) => predictor === name);
    const wanted = goal(`run times of a third recording by those of two, ${name}: off by a factor of, median`, "×");
    return found === undefined ? wanted : plainFinding(wanted, found.factor);
  });
}

function adaptiveFindings(loaded: readonly LoadedBag[]): Finding[] {
  const beside = bagLoads.map((load) => {
    const wanted = (title: string) =>
      goal(`adaptive at load ${load}: mean slowdown ÷ the best static policy's${title}`, "×", { limitMax: ADAPTIVE_MAX });
    const here = loaded.filter((one) => one.load === load);
    const ours = here.find(({ scheduler }) => scheduler === "adaptive");
    const [best] = here.filter((one) => one !== ours).toSorted((one, other) => one.meanSlowdown - other.meanSlowdown);
    if (ours === undefined || best === undefined) return wanted("");
    return plainFinding(wanted(` (${best.scheduler}, ${best.meanSlowdown.toFixed(3)})`), ours.meanSlowdown / best.meanSlowdown);
  });
  const used = new Set(loaded.flatMap(({ starts = {} }) => Object.keys(starts)));
  const wanted = goal(
    `adaptive, all loads: policies by which tasks were started${used.size > 0 ? ` (${[...used].join(", ")})` : ""}`,
    "×",
    { limit: ADAPTIVE_POLICIES_MIN },
  );
  return [...beside, loaded.length === 0 ? wanted : plainFinding(wanted, used.size)];
}

/** One a policy: the median of the rounds. */
function decisionFindings(operations: readonly MeasuredOperation[], seed: number): Finding[] {
  const names = [...new Set(operations.map(({ name }) => name))];
  if (names.length === 0) return [goal("a decision of each policy", "ns", { limitMax: DECISION_NS_MAX })];
  return names.map((name) => {
    const times = operations.filter((one) => one.name === name).map(({ medianNs }) => medianNs);
    return medianFinding(goal(`a decision, ${name}`, "ns", { limitMax: DECISION_NS_MAX }), times, seed);
  });
}

function goal(name: string, unit: Goal["unit"], limits: Pick<Goal, "limit" | "limitMax"> = {}): Goal {
  return { name, unit, command: COMMAND, ...limits };
}
