import { refuseOption, requireBoolean, requireInteger, requireNumber } from "../authoring/option-checks.js";
import { cpusMax } from "../authoring/resolve-options.js";
import { type Machine, machinesMax, priceMax } from "./machine.js";
import { tenYearsMs } from "./ten-years.js";

/**
 * Machines as plainMachines() and machinesOf() make them: each field is looked at, as a list may also have been written by hand.
 *
 * @param path of the option, for messages
 * @throws DF_OPTION_INVALID
 */
export function requireMachines(path: string, machines: unknown): readonly Machine[] {
  if (!Array.isArray(machines) || machines.length === 0) refuseOption(path, "a list of machines that is not empty", machines);
  requireInteger(path, machines.length, { min: 1, max: machinesMax });
  const checked = new Set<unknown>(); // those of one kind are one object
  for (let index = 0; index < machines.length; index++) {
    const machine: unknown = machines[index];
    if (checked.has(machine)) continue;
    requireMachine(`${path}[${index}]`, machine);
    checked.add(machine);
  }
  const list = machines as readonly Machine[];
  if (list.some(({ countsTasks }) => countsTasks !== list[0]?.countsTasks)) {
    refuseOption(path, "machines that all count tasks, or none of them", "both kinds");
  }
  return list;
}

function requireMachine(path: string, machine: unknown): void {
  if (typeof machine !== "object" || machine === null) refuseOption(path, "a machine of plainMachines() or machinesOf()", machine);
  const { cores, memory, countsTasks, pricePerHour, coldStartMs, keepAliveMs, failureRate } = machine as Partial<Machine>;
  const anyAmount = { min: 0, max: Number.POSITIVE_INFINITY };
  requireInteger(`${path}.cores`, cores, { min: 1, max: cpusMax });
  requireNumber(`${path}.memory`, memory, anyAmount);
  requireBoolean(`${path}.countsTasks`, countsTasks);
  requireNumber(`${path}.pricePerHour`, pricePerHour, { min: 0, max: priceMax });
  requireNumber(`${path}.coldStartMs`, coldStartMs, { min: 0, max: tenYearsMs });
  requireNumber(`${path}.keepAliveMs`, keepAliveMs, anyAmount);
  requireNumber(`${path}.failureRate`, failureRate, { min: 0, max: 1 });
}
