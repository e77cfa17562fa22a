import type { MeasuringOptions } from "../harness/measuring-options.js";
import { measureActorGoals } from "./actors.js";
import { measureDurableGoals } from "./durable.js";
import { measureFailureGoals } from "./failure.js";
import type { Findings } from "./measurement.js";
import { measureSchedulerGoals } from "./schedulers.js";
import { measureSimulatorGoals } from "./simulator.js";
import { measureSpeedGoals } from "./speed.js";
import { measureThroughputGoals } from "./throughput.js";

/** What measures each area of goals. */
export const areas: Readonly<Record<string, (options: MeasuringOptions) => Promise<Findings>>> = {
  throughput: measureThroughputGoals,
  failure: measureFailureGoals,
  simulator: measureSimulatorGoals,
  speed: measureSpeedGoals,
  durable: measureDurableGoals,
  schedulers: measureSchedulerGoals,
  actors: measureActorGoals,
};
