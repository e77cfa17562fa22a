import type { Trace } from "../../actors/worker-actors.js";
import { type CustomPolicy, Learners, type PolicyDefinition } from "../../schedulers/index.js";
import { refuseOption, requireBoolean, requireInteger, requireOneOf, requireOptions } from "../authoring/option-checks.js";
import { requirePolicy } from "../authoring/require-policy.js";
import { type DispatchCosts, noCosts } from "./dispatch-costs.js";
import { type Machine, machinesMax, plainMachines } from "./machine.js";
import { requireMachines } from "./require-machines.js";
import type { SimulatedRun } from "./workload.js";

export interface SimulationOptions {
  /** In the order of submission. Asked for one by one, each when its time has come. */
  runs: Iterable<SimulatedRun>;
  /** A number stands for so many machines of one core. */
  machines: number | readonly Machine[];
  /** A name, what `policy()` returned, or the definition behind it. @defaultValue "fifo" */
  scheduler?: string | CustomPolicy | PolicyDefinition;
  /** All that is left to chance follows from it: the same seed gives the same result. @defaultValue 1 */
  seed?: number;
  /**
   * "ideal": one ready set for all machines, and nothing but tasks takes time. "workers": one engine whose workers are the cores of the
   * machines. @defaultValue "ideal"
   */
  dispatch?: "ideal" | "workers";
  /** What the engine adds to the tasks; only with the dispatch "workers". @defaultValue nothing */
  costs?: DispatchCosts;
  /** Whether the result lists every start. @defaultValue false */
  decisions?: boolean;
  /** Told of every message before its actor handles it. @defaultValue nobody is */
  trace?: Trace;
  /** What the policy has learnt before; it goes on learning. With the dispatch "workers" all workers share it. @defaultValue nothing */
  learners?: Learners;
}

export interface ResolvedSimulationOptions {
  readonly runs: Iterable<SimulatedRun>;
  readonly machines: readonly Machine[];
  readonly scheduler: PolicyDefinition;
  readonly seed: number;
  readonly dispatch: "ideal" | "workers";
  readonly costs: DispatchCosts;
  readonly decisions: boolean;
  readonly trace: Trace | undefined;
  readonly learners: Learners;
}

const names = [
  "runs",
  "machines",
  "scheduler",
  "seed",
  "dispatch",
  "costs",
  "decisions",
  "trace",
  "learners",
] as const satisfies readonly (keyof SimulationOptions)[];

/** Workers of one simulated engine, at most: each has the actors of a thread. */
export const workersMax = 65_536;

/** @throws DF_OPTION_INVALID, DF_SCHEDULER_UNKNOWN, DF_SCHEDULER_INVALID */
export function resolveSimulationOptions(given: SimulationOptions): ResolvedSimulationOptions {
  const {
    runs,
    machines,
    scheduler = "fifo",
    seed = 1,
    dispatch = "ideal",
    costs,
    decisions = false,
    trace,
    learners,
  } = requireGiven(given);
  const list = typeof machines === "number" ? plainMachines(requireCount(machines)) : requireMachines("simulation.machines", machines);
  if (dispatch === "workers") requireFewWorkers(list);
  return {
    runs: requireRuns(runs),
    machines: list,
    scheduler: requireScheduler(scheduler),
    seed: requireSeed("simulation.seed", seed),
    dispatch: requireOneOf("simulation.dispatch", dispatch, ["ideal", "workers"]),
    costs: requireCosts(costs, dispatch),
    decisions: requireBoolean("simulation.decisions", decisions),
    trace: requireTrace(trace),
    learners: requireLearners(learners),
  };
}

function requireTrace(trace: Trace | undefined): Trace | undefined {
  return trace === undefined || typeof trace === "function" ? trace : refuseOption("simulation.trace", "a function", trace);
}

function requireLearners(learners: Learners | undefined): Learners {
  if (learners === undefined) return new Learners();
  return learners instanceof Learners ? learners : refuseOption("simulation.learners", "what new Learners() makes", learners);
}

function requireCosts(costs: DispatchCosts | undefined, dispatch: unknown): DispatchCosts {
  if (costs === undefined) return noCosts;
  if (dispatch !== "workers") refuseOption("simulation.costs", 'absent unless the dispatch is "workers"', dispatch);
  const { dispatchMs, hopMs, commitMs } = costs ?? {};
  if ([dispatchMs, hopMs, commitMs].every((cost) => typeof cost === "function")) return costs;
  refuseOption("simulation.costs", "an object of the functions dispatchMs, hopMs and commitMs", costs);
}

export function requireSeed(path: string, seed: unknown): number {
  return requireInteger(path, seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

function requireGiven(given: SimulationOptions): SimulationOptions {
  return requireOptions("simulation", given, names) as unknown as SimulationOptions; // its members are checked one by one
}

function requireRuns(runs: unknown): Iterable<SimulatedRun> {
  const given = runs as Iterable<SimulatedRun> | null | undefined; // each run is checked when it is asked for
  if (typeof given === "object" && typeof given?.[Symbol.iterator] === "function") return given;
  refuseOption("simulation.runs", "something to iterate over", runs);
}

const requireCount = (count: number): number => requireInteger("simulation.machines", count, { min: 1, max: machinesMax });

function requireFewWorkers(machines: readonly Machine[]): void {
  const cores = machines.reduce((sum, machine) => sum + machine.cores, 0);
  if (cores > workersMax) refuseOption("simulation.machines", `of at most ${workersMax} cores together with the dispatch "workers"`, cores);
}

/** What policy() makes a definition of has been checked there. */
function requireScheduler(scheduler: unknown): PolicyDefinition {
  if (isDefinition(scheduler)) return scheduler;
  return requirePolicy("simulation.scheduler", scheduler);
}

function isDefinition(scheduler: unknown): scheduler is PolicyDefinition {
  if (typeof scheduler !== "object" || scheduler === null) return false;
  const { name, order } = scheduler as { readonly name?: unknown; readonly order?: unknown };
  if (typeof name !== "string" || typeof order !== "object" || order === null) return false;
  const { rank, before, create } = order as Readonly<Record<string, unknown>>;
  return [rank, before, create].some((given) => typeof given === "function");
}
