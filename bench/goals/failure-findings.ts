import { type JudgedCell, RUNS_NEEDED } from "./failure-cells.js";
import { type Finding, type Goal, medianFinding, plainFinding } from "./goal.js";

const COMMAND = "npm run goals -- failure";
/** Threads that must have been lost before the worst case says something. */
export const LOSSES_NEEDED = 20;
const WORST_MS_MAX = 1000;

/** ns a task on one worker, a figure a round: with tasks that are tried once and never watched, and with the default options. */
export interface TaskCosts {
  readonly once: readonly number[];
  readonly default: readonly number[];
}

export interface FailureFigures {
  readonly cells: readonly JudgedCell[];
  readonly detectionsMs: readonly number[];
  readonly recoveriesMs: readonly number[];
  readonly costs: Readonly<Record<"sync" | "async", TaskCosts>>;
  readonly inHandNs: readonly number[];
}

/** All goals of failures, in the order in which they are printed. What was measured too rarely is not judged. */
export function failureFindings({ cells, detectionsMs, recoveriesMs, costs, inHandNs }: FailureFigures, seed: number): Finding[] {
  return [
    cellsFinding(cells),
    ...lossFindings("endless loop: its time-out seen", detectionsMs, seed),
    ...lossFindings("thread ended: its task executed again", recoveriesMs, seed),
    ...costFindings("stencil-100 on one worker", costs.sync, seed),
    ...costFindings("stencil-100 on one worker, async handlers", costs.async, seed),
    medianFinding(goal("to record that an attempt begins", "ns"), inHandNs, seed),
  ];
}

function cellsFinding(cells: readonly JudgedCell[]): Finding {
  const wanted = goal(`share of completed runs is (1 − p^a)^N: ${cells.length} cells, within 99.9 %`, "%", { limit: 1 });
  if (cells.length === 0 || cells.some(({ runs }) => runs < RUNS_NEEDED)) return wanted;
  return plainFinding(wanted, cells.filter(({ holds }) => holds).length / cells.length);
}

function lossFindings(what: string, valuesMs: readonly number[], seed: number): Finding[] {
  const typical = goal(`${what}, median`, "ms");
  const worst = goal(`${what}, worst of ${valuesMs.length}`, "ms", { limitMax: WORST_MS_MAX });
  if (valuesMs.length < LOSSES_NEEDED) return [typical, worst];
  return [medianFinding(typical, valuesMs, seed), plainFinding(worst, Math.max(...valuesMs))];
}

/** Two rungs of the cost ladder. */
function costFindings(what: string, { once, default: withDefaults }: TaskCosts, seed: number): Finding[] {
  return [
    medianFinding(goal(`${what}: a task tried once, no time-out`, "ns"), once, seed),
    medianFinding(goal(`${what}: what retries and time-outs add to it`, "ns"), differences(withDefaults, once), seed),
  ];
}

/** Round by round, as the two were measured beside each other. */
function differences(values: readonly number[], from: readonly number[]): number[] {
  return values.map((value, round) => value - from[round]!);
}

function goal(name: string, unit: Goal["unit"], limits: Pick<Goal, "limit" | "limitMax"> = {}): Goal {
  return { name, unit, command: COMMAND, ...limits };
}
