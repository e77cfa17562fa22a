import { median } from "../harness/statistics.js";
import { type BagWait, bagCases } from "./bag-waits.js";
import type { BigSimulation } from "./big-simulation.js";
import { type Finding, type Goal, plainFinding } from "./goal.js";
import type { IdealSchedule } from "./ideal-schedules.js";
import type { Replay, SimulatedReplay, SpinReplay } from "./trace-replays.js";

const COMMAND = "npm run goals -- simulator";
const SCHEDULE_DEVIATION_MAX = 0.001;
const WAIT_DEVIATION_MAX = 0.01;
export const MANY_TASKS = 1_000_000;
const MANY_TASKS_MS_MAX = 60_000;
/** Below this, one worker may rightly execute all of a replay whose tasks do nothing. */
const SHARED_TASKS_MIN = 100;
/** What threads may add to the bound of ideal schedules. */
const UPPER_FACTOR = 1.1;
const UPPER_EXTRA_MS = 20;

/** What was not measured is empty or undefined. */
export interface SimulatorFigures {
  readonly schedules: readonly IdealSchedule[];
  readonly bags: readonly BagWait[];
  readonly big?: BigSimulation;
  readonly replays: readonly Replay[];
  readonly spins: readonly SimulatedReplay[];
}

export const nothingMeasured: SimulatorFigures = { schedules: [], bags: [], replays: [], spins: [] };

/** All goals of the simulator and of replays, in the order in which they are printed. */
export function simulatorFindings({ schedules, bags, big, replays, spins }: SimulatorFigures): Finding[] {
  return [
    ...scheduleFindings(schedules),
    ...bagFindings(bags),
    ...bigFindings(big),
    ...replayFindings(replays),
    ...spinFindings(spins),
    ...realityFindings(spins),
  ];
}

function scheduleFindings(schedules: readonly IdealSchedule[]): Finding[] {
  const deviations = schedules.map(({ deviation }) => deviation);
  return [
    allOf("ideal makespans within 0.1 % of the reference", deviations, (deviation) => deviation <= SCHEDULE_DEVIATION_MAX),
    of(goal("ideal makespans: largest deviation", "%"), deviations, largest),
  ];
}

function bagFindings(bags: readonly BagWait[]): Finding[] {
  return bagCases.map(({ runs, machines, scheduler, listedMs, isJudged }) => {
    const name = `mean wait of ${runs.toLocaleString("en-US")} recorded tasks on ${machines} machines, ${scheduler}: off ${listedMs / 1e3} s by`;
    const found = bags.filter((bag) => bag.runs === runs && bag.scheduler === scheduler);
    const deviations = found.map(({ meanWaitMs }) => Math.abs(meanWaitMs / listedMs - 1));
    return of(goal(name, "%", isJudged ? { limitMax: WAIT_DEVIATION_MAX } : {}), deviations, largest);
  });
}

/** Fewer tasks are not what is asked for. */
function bigFindings(big: BigSimulation | undefined): Finding[] {
  const wanted = goal("a million tasks on a thousand machines: the whole process, slower of two", "ms", { limitMax: MANY_TASKS_MS_MAX });
  return [
    of(wanted, big === undefined || big.tasks < MANY_TASKS ? [] : big.elapsedMs, largest),
    allOf("same seed, same bytes, in two processes", big === undefined ? [] : [big], ({ areBytesEqual }) => areBytesEqual),
  ];
}

function replayFindings(replays: readonly Replay[]): Finding[] {
  return [allOf("replays without work: digest right, every worker used from 100 tasks on", replays, isReplayRight)];
}

function isReplayRight({ isDigestRight, tasks, tasksByWorker }: Replay): boolean {
  return isDigestRight && (tasks < SHARED_TASKS_MIN || tasksByWorker.every((count) => count > 0));
}

/** What replays on threads have taken, by the bounds of ideal schedules. */
export function spinFindings(spins: readonly SpinReplay[]): Finding[] {
  return [
    allOf("replays that spin: digest right", spins, ({ isDigestRight }) => isDigestRight),
    allOf("replays that spin: lb ≤ makespan ≤ 1.10 × graham_ub + 20 ms", spins, isWithinBounds),
    of(goal("replays that spin: largest makespan ÷ graham_ub", "×"), spins.map(shareOfUpper), largest),
    of(goal("replays that spin: lb ÷ makespan, median", "×"), spins.map(efficiency), median),
  ];
}

function isWithinBounds({ makespanMs, lowerMs, upperMs }: SpinReplay): boolean {
  return lowerMs <= makespanMs && makespanMs <= makespanLimitMs(upperMs);
}

/** @param upperMs Graham's bound */
export function makespanLimitMs(upperMs: number): number {
  return UPPER_FACTOR * upperMs + UPPER_EXTRA_MS;
}

const shareOfUpper = ({ makespanMs, upperMs }: SpinReplay): number => makespanMs / upperMs;

const efficiency = ({ makespanMs, lowerMs }: SpinReplay): number => lowerMs / makespanMs;

/** The interval is the range of all traces. */
function realityFindings(spins: readonly SimulatedReplay[]): Finding[] {
  const wanted = goal(`simulated ÷ real makespan of ${spins.length} replays that spin, median [range]`, "×");
  if (spins.length === 0) return [wanted];
  const ratios = spins.map(({ simulatedMs, makespanMs }) => simulatedMs / makespanMs);
  return [{ ...wanted, estimate: { median: median(ratios), low: Math.min(...ratios), high: largest(ratios) } }];
}

/** Share of those that hold; all of them must. */
function allOf<T>(name: string, cases: readonly T[], holds: (one: T) => boolean): Finding {
  const right = cases.filter(holds).length;
  return of(goal(`${name}: ${right} of ${cases.length}`, "%", { limit: 1 }), cases, () => right / cases.length);
}

function of<T>(wanted: Goal, values: readonly T[], figure: (values: readonly T[]) => number): Finding {
  return values.length === 0 ? wanted : plainFinding(wanted, figure(values));
}

const largest = (values: readonly number[]): number => Math.max(...values);

function goal(name: string, unit: Goal["unit"], limits: Pick<Goal, "limit" | "limitMax"> = {}): Goal {
  return { name, unit, command: COMMAND, ...limits };
}
