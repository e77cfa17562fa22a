import type { Trace } from "../../actors/worker-actors.js";
import type { CustomPolicy, PolicyDefinition } from "../../schedulers/index.js";
import { refuseOption, requireBoolean, requireInteger, requireOneOf, requireOptions } from "../authoring/option-checks.js";
import { requirePolicy } from "../authoring/require-policy.js";
import { type DispatchCosts, noCosts } from "./dispatch-costs.js";
import { type Machine, machinesMax, plainMachines } from "./machine.js";
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
] as const satisfies readonly (keyof SimulationOptions)[];

/** @throws DF_OPTION_INVALID, DF_SCHEDULER_UNKNOWN, DF_SCHEDULER_INVALID */
export function resolveSimulationOptions(given: SimulationOptions): ResolvedSimulationOptions {
  const { runs, machines, scheduler = "fifo", seed = 1, dispatch = "ideal", costs, decisions = false, trace } = requireGiven(given);
  return {
    runs: requireRuns(runs),
    machines: typeof machines === "number" ? plainMachines(requireCount(machines)) : requireMachines(machines),
    scheduler: requireScheduler(scheduler),
    seed: requireSeed("simulation.seed", seed),
    dispatch: requireOneOf("simulation.dispatch", dispatch, ["ideal", "workers"]),
    costs: requireCosts(costs, dispatch),
    decisions: requireBoolean("simulation.decisions", decisions),
    trace,
  };
}

function requireCosts(costs: DispatchCosts | undefined, dispatch: unknown): DispatchCosts {
  if (costs === undefined) return noCosts;
  if (dispatch !== "workers") refuseOption("simulation.costs", 'absent unless the dispatch is "workers"', dispatch);
  return costs; // made by parseDispatchCosts(), which checks what it is given
}

export function requireSeed(path: string, seed: unknown): number {
  return requireInteger(path, seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

function requireGiven(given: SimulationOptions): SimulationOptions {
  requireOptions("simulation", given, names);
  return given;
}

function requireRuns(runs: unknown): Iterable<SimulatedRun> {
  if (typeof runs === "object" && runs !== null && Symbol.iterator in runs) return runs as Iterable<SimulatedRun>; // each is checked
  refuseOption("simulation.runs", "something to iterate over", runs);
}

const requireCount = (count: number): number => requireInteger("simulation.machines", count, { min: 1, max: machinesMax });

function requireMachines(machines: unknown): readonly Machine[] {
  const path = "simulation.machines";
  if (!Array.isArray(machines) || machines.length === 0) refuseOption(path, "a number, or a list that is not empty", machines);
  requireCount(machines.length);
  const list = machines as readonly Machine[]; // made by plainMachines() or machinesOf(), which check what they are given
  if (list.some(({ countsTasks }) => countsTasks !== list[0]?.countsTasks)) {
    refuseOption(path, "machines that all count tasks, or none of them", "both kinds");
  }
  return list;
}

/** What a definition is made of has been checked where it comes from. */
function requireScheduler(scheduler: unknown): PolicyDefinition {
  if (typeof scheduler === "object" && scheduler !== null && "order" in scheduler) return scheduler as PolicyDefinition;
  return requirePolicy("simulation.scheduler", scheduler);
}
