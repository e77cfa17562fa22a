import { simulateIdeal } from "./ideal-dispatch.js";
import { resolveSimulationOptions, type SimulationOptions } from "./simulation-options.js";
import type { SimulationResult } from "./simulation-result.js";
import { simulateWorkers } from "./workers-dispatch.js";

/**
 * Executes runs by the actors of the engine, on virtual machines and a clock that jumps from one event to the next.
 *
 * @throws DF_OPTION_INVALID, DF_SCHEDULER_UNKNOWN, DF_SCHEDULER_INVALID for an option; DF_SPEC_INVALID for a workflow or a run that
 *   cannot be simulated; DF_SCHEDULER_FAILED for a policy that breaks its promises
 */
export function simulate(options: SimulationOptions): SimulationResult {
  const resolved = resolveSimulationOptions(options);
  return resolved.dispatch === "ideal" ? simulateIdeal(resolved) : simulateWorkers(resolved);
}
