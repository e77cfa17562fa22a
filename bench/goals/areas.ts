import type { MeasuringOptions } from "../harness/measuring-options.js";
import { measureActorGoals } from "./actors.js";
import { measureDurableGoals } from "./durable.js";
import { measureFailureGoals } from "./failure.js";
import type { Findings } from "./measurement.js";
import { measureSimulatorGoals } from "./simulator.js";
import { measureSpeedGoals } from "./speed.js";
import { measureThroughputGoals } from "./throughput.js";

/** Every area of goals; those without a measurement have no goals yet. */
export const areas: Readonly<Record<string, ((options: MeasuringOptions) => Promise<Findings>) | undefined>> = {
  throughput: measureThroughputGoals,
  failure: measureFailureGoals,
  simulator: measureSimulatorGoals,
  speed: measureSpeedGoals,
  durable: measureDurableGoals,
  schedulers: undefined,
  actors: measureActorGoals,
};
