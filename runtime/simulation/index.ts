/** `dataflower/simulation`: everything a user may rely on, in reading order. */
export type { Duration, Size } from "../authoring/quantity.js";
export { type Machine, plainMachines } from "./machine.js";
export { type MachineOptions, machinesOf } from "./machine-list.js";
export { type ArrivalSource, readWorkload, type WorkloadOptions } from "./read-workload.js";
export { simulate } from "./simulate.js";
export type { SimulationOptions } from "./simulation-options.js";
export type { Decision, Distribution, SimulationResult } from "./simulation-result.js";
export type { SimulatedRun, SimulatedWorkflow } from "./workload.js";
