import { refuseOption, requireDuration, requireInteger, requireNumber, requireOptions, requireSize } from "../authoring/option-checks.js";
import type { Duration, Size } from "../authoring/quantity.js";
import { cpusMax } from "../authoring/resolve-options.js";
import { type Machine, machinesMax, priceMax } from "./machine.js";
import { tenYearsMs } from "./ten-years.js";

/** Machines of one kind, as users list them. */
export interface MachineOptions {
  /** How many there are. @defaultValue 1 */
  count?: number;
  /** @defaultValue 1 */
  cores?: number;
  /** @defaultValue any amount */
  memory?: Size;
  /** In US dollars, for the time in which the machine executes at least one attempt. @defaultValue 0 */
  pricePerHour?: number;
  /** Added to an attempt that the machine was not warm for, and what is left of it to those that start meanwhile. @defaultValue 0 */
  coldStart?: Duration;
  /** How long the machine stays warm when it has nothing to do. @defaultValue for ever */
  keepAlive?: Duration;
  /** Probability that an attempt fails, at a moment of its duration that is drawn evenly. @defaultValue 0 */
  failureRate?: number;
}

interface Kind {
  readonly count: number;
  readonly machine: Machine;
}

type Placed = (index: number, check: () => Kind) => Kind;

const names = [
  "count",
  "cores",
  "memory",
  "pricePerHour",
  "coldStart",
  "keepAlive",
  "failureRate",
] as const satisfies readonly (keyof MachineOptions)[];

/**
 * Machines from a list of their kinds. They take tasks as long as what these reserve fits: a task that says nothing takes one core.
 *
 * @param path of the option, for messages
 * @throws DF_OPTION_INVALID
 */
export function machinesOf(path: string, listed: unknown): readonly Machine[] {
  return placedMachinesOf(path, listed, (_, check) => check());
}

/** As machinesOf(). @param placed calls a check of the entry at a position, to say in its error where that stands */
export function placedMachinesOf(path: string, listed: unknown, placed: Placed): readonly Machine[] {
  if (!Array.isArray(listed) || listed.length === 0) refuseOption(path, "a list of machines that is not empty", listed);
  const machines: Machine[] = [];
  listed.forEach((given: unknown, index) => {
    const countMax = machinesMax - machines.length;
    const { count, machine } = placed(index, () => resolveMachine(`${path}[${index}]`, given, countMax));
    for (let made = 0; made < count; made++) machines.push(machine);
  });
  return machines;
}

function resolveMachine(path: string, given: unknown, countMax: number): Kind {
  if (given === undefined) refuseOption(path, "an object", given);
  const { count = 1, cores = 1, memory, pricePerHour = 0, coldStart = 0, keepAlive, failureRate = 0 } = requireOptions(path, given, names);
  const machine: Machine = {
    cores: requireInteger(`${path}.cores`, cores, { min: 1, max: cpusMax }),
    memory: memory === undefined ? Number.POSITIVE_INFINITY : requireSize(`${path}.memory`, memory, { min: 1, max: 2 ** 50 }),
    countsTasks: false,
    pricePerHour: requireNumber(`${path}.pricePerHour`, pricePerHour, { min: 0, max: priceMax }),
    coldStartMs: requireDuration(`${path}.coldStart`, coldStart, { min: 0, max: tenYearsMs }),
    keepAliveMs:
      keepAlive === undefined ? Number.POSITIVE_INFINITY : requireDuration(`${path}.keepAlive`, keepAlive, { min: 0, max: tenYearsMs }),
    failureRate: requireNumber(`${path}.failureRate`, failureRate, { min: 0, max: 1 }),
  };
  return { count: requireInteger(`${path}.count`, count, { min: 1, max: countMax }), machine };
}
