import { requireInteger } from "../authoring/option-checks.js";

/** Machines of one simulation, at most. */
export const machinesMax = 100_000;
/** Price of a machine, at most. */
export const priceMax = 1_000_000;
/** What memory may be exceeded by, as a share of what there is: sums of fractions are not exact. */
export const memoryTolerance = 1e-9;

/** A virtual machine. */
export interface Machine {
  /** Tasks run beside each other as long as what they reserve fits. */
  readonly cores: number;
  /** In bytes; Infinity: any amount. */
  readonly memory: number;
  /** True: the machine is known by its number of cores alone, each task takes one of them, and what tasks reserve is not looked at. */
  readonly countsTasks: boolean;
  /** In US dollars an hour, for the time in which it executes at least one attempt. */
  readonly pricePerHour: number;
  /**
   * Added to an attempt that starts on the machine for the first time, or after it has been idle for longer than `keepAliveMs`;
   * attempts that start on it meanwhile wait for what is left of it.
   */
  readonly coldStartMs: number;
  readonly keepAliveMs: number;
  /** Probability that an attempt fails, somewhere on its way. */
  readonly failureRate: number;
}

/**
 * `count` machines of one core, of which nothing else is known.
 *
 * @throws DF_OPTION_INVALID
 */
export function plainMachines(count: number): Machine[] {
  const machine: Machine = {
    cores: 1,
    memory: Number.POSITIVE_INFINITY,
    countsTasks: true,
    pricePerHour: 0,
    coldStartMs: 0,
    keepAliveMs: Number.POSITIVE_INFINITY,
    failureRate: 0,
  };
  return Array.from({ length: requireInteger("machines", count, { min: 1, max: machinesMax }) }, () => machine);
}
