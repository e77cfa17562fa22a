/** `dataflower/simulation`: everything a user may rely on, in reading order. */

export type { CostedFunction } from "../../schedulers/cost/costed-function.js";
export type { FunctionPlan, PlannedInvocation } from "../../schedulers/cost/plan-functions.js";
export type { PlannedWorker, WorkerPlan } from "../../schedulers/cost/plan-workers.js";
export type { FunctionPrices, WorkerPrices } from "../../schedulers/cost/prices.js";
export type { Duration, Size } from "../authoring/quantity.js";
export { type FunctionPlans, type PlanOptions, planInvocations, planRentedWorkers } from "../pricing/plan.js";
export { type Prices, readPrices } from "../pricing/read-prices.js";
export { type Machine, plainMachines } from "./machine.js";
export { type MachineOptions, machinesOf } from "./machine-list.js";
export { type ArrivalSource, readWorkload, type WorkloadOptions } from "./read-workload.js";
export { simulate } from "./simulate.js";
export type { SimulationOptions } from "./simulation-options.js";
export type { Decision, Distribution, SimulationResult } from "./simulation-result.js";
export type { SimulatedRun, SimulatedWorkflow } from "./workload.js";
