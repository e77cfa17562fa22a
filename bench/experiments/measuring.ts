import { callInFreshProcess, measureInFreshProcess } from "../harness/fresh-process.js";
import { readProcessorTimes, STEAL_SHARE_MAX, stealShare } from "../harness/steal-time.js";
import { Absent, type ExperimentContext, type MeasureContext } from "./experiment.js";
import type { PlannedExperiment, Step } from "./plan.js";
import type { Measured, Sample } from "./sample.js";

/** What is disturbed this often is kept as it is: its share of stolen time stands in its sample. */
const REPEATS_MAX = 2;

/** Measures one step of a plan; again while other machines disturb it. Rejects when an answer is wrong, or when `signal` aborts. */
export async function measureStep(
  { experiment, variants }: PlannedExperiment,
  { round, variant: key, seed }: Step,
  context: ExperimentContext,
  signal: AbortSignal,
): Promise<Sample> {
  const variant = variants.find((one) => one.key === key)!; // the plan names only its own
  const measureContext = { ...context, round, seed, signal, ...processes(signal) };
  for (let repeats = 0; ; repeats++) {
    const before = readProcessorTimes();
    const measured = await measureOrAbsent(() => experiment.measure(variant, measureContext));
    signal.throwIfAborted();
    const stolen = stealShare(before, readProcessorTimes());
    if (stolen <= STEAL_SHARE_MAX || repeats === REPEATS_MAX || context.profile === "quick")
      return { variant: key, round, ...measured, stealShare: stolen, repeats };
  }
}

async function measureOrAbsent(measure: () => Promise<Measured>): Promise<Measured & Pick<Sample, "absent">> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof Absent) return { absent: error.message };
    throw error;
  }
}

function processes(signal: AbortSignal): Pick<MeasureContext, "unit" | "call"> {
  return {
    unit: async (unit) => (await measureInFreshProcess(unit, { signal })) as object[], // as: child.ts prints objects
    call: (module, name, argument) => callInFreshProcess(module, name, argument, { signal }),
  };
}
