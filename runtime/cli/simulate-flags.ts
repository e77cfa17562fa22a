import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { PolicyDefinition } from "../../schedulers/index.js";
import { refuseOption, requireInteger, requireNumber, requireOneOf } from "../authoring/option-checks.js";
import { readTextFile } from "../authoring/read-text-file.js";
import { requirePolicy } from "../authoring/require-policy.js";
import { type DispatchCosts, parseDispatchCosts } from "../simulation/dispatch-costs.js";
import { type Machine, machinesMax, plainMachines } from "../simulation/machine.js";
import { readMachines } from "../simulation/read-machines.js";
import { type ArrivalSource, loadMax, rateMax, runsMax } from "../simulation/read-workload.js";
import { requireSeed } from "../simulation/simulation-options.js";
import { numberOf } from "./number-flag.js";
import { schedulerOf } from "./scheduler-flag.js";

/** What `dataflower simulate` was given, as it was written. */
export interface SimulateFlags {
  readonly machines: string;
  readonly scheduler: string;
  readonly seed: string;
  readonly arrivals?: string;
  readonly load?: string;
  readonly runs?: string;
  readonly dispatch: string;
  readonly costs?: string;
  readonly estimates: string;
  readonly explain?: true;
  readonly decisions?: true;
  readonly json?: true;
}

/** What the flags stand for. */
export interface SimulateFlagOptions {
  readonly machines: readonly Machine[];
  readonly scheduler: PolicyDefinition;
  readonly seed: number;
  readonly arrivals: ArrivalSource | undefined;
  readonly load: number | undefined;
  readonly runs: number | undefined;
  readonly dispatch: "ideal" | "workers";
  readonly costs: DispatchCosts | undefined;
  readonly estimates: "exact" | "none";
  readonly decisions: boolean;
}

const poissonPrefix = "poisson:";

/**
 * All flags are checked before a workload is read.
 *
 * @throws DF_OPTION_INVALID, DF_SCHEDULER_UNKNOWN, DF_SPEC_INVALID for a file of machines
 */
export async function simulateOptionsOf(flags: SimulateFlags): Promise<SimulateFlagOptions> {
  const { arrivals, load, runs } = flags;
  return {
    seed: requireSeed("--seed", numberOf(flags.seed)),
    scheduler: requirePolicy("--scheduler", await schedulerOf(flags.scheduler)),
    arrivals: arrivals === undefined ? undefined : arrivalSource(arrivals),
    load: load === undefined ? undefined : requireNumber("--load", numberOf(load), { min: Number.MIN_VALUE, max: loadMax }),
    runs: runs === undefined ? undefined : requireInteger("--runs", numberOf(runs), { min: 1, max: runsMax }),
    dispatch: requireOneOf("--dispatch", flags.dispatch, ["ideal", "workers"]),
    estimates: requireOneOf("--estimates", flags.estimates, ["exact", "none"]),
    costs: flags.costs === undefined ? undefined : parseDispatchCosts(readTextFile("--costs", flags.costs), flags.costs),
    decisions: requireDecisions(flags),
    machines: machinesOfFlag(flags.machines),
  };
}

/** The table, which is for people, has no place for them. */
function requireDecisions({ decisions, json }: SimulateFlags): boolean {
  if (decisions !== true || json === true) return decisions === true;
  throw new DataFlowerError("DF_OPTION_INVALID", "Cannot use option --decisions as it must come with --json: found it alone");
}

/** A file where it is no number. */
function machinesOfFlag(given: string): readonly Machine[] {
  const count = numberOf(given);
  if (typeof count === "number") return plainMachines(requireInteger("--machines", count, { min: 1, max: machinesMax }));
  return readMachines(readTextFile("--machines", given), given);
}

function arrivalSource(given: string): ArrivalSource {
  if (!given.startsWith(poissonPrefix)) return { kind: "file", file: given };
  const perSecond = numberOf(given.slice(poissonPrefix.length));
  if (typeof perSecond === "number" && perSecond > 0 && perSecond <= rateMax) return { kind: "poisson", perSecond };
  return refuseOption("--arrivals", `poisson: and how many come in a second, above 0 and at most ${rateMax}`, given);
}
