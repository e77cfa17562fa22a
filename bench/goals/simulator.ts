import { measureInFreshProcess } from "../harness/fresh-process.js";
import { type DispatchCostsParameters, type DispatchCostsSample, fullDispatchCosts } from "../harness/measurements/dispatch-costs.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { type RecordedTrace, recordedTraces, sharedDataOf } from "../workloads/recorded-traces.js";
import { type BagWait, bagCases, measureBagWait } from "./bag-waits.js";
import { BIG_TRACE, type BigSimulation, measureBigSimulation } from "./big-simulation.js";
import { eachOf } from "./each-of.js";
import { idealSchedulesOf } from "./ideal-schedules.js";
import { keyedSamples } from "./keyed-samples.js";
import type { Findings } from "./measurement.js";
import { MANY_TASKS, nothingMeasured, simulatorFindings } from "./simulator-findings.js";
import { measureReplay, measureSimulatedReplay, SPIN_UPPER_MS } from "./trace-replays.js";

const QUICK_STRIDE = 6;
const QUICK_BAG_TASKS_MAX = 2_000;
const QUICK_TASKS = 20_000;
const quickDispatchCosts: DispatchCostsParameters = {
  ...fullDispatchCosts,
  warmupMs: 50,
  measureMs: 50,
  hopRunsMax: 2,
  commits: 100,
};
const QUICK_NOTE = "Quick: few traces, and costs of cold code without percentiles.\n";
const MISSING_NOTE = "NOTHING WAS MEASURED: there is no third-party data in ../shared/data\n";

/**
 * The goals of the simulator, judged by what others have computed of recorded workloads, and of replays of those workloads on threads.
 * Rounds do not matter: simulations give the same each time, and each replay stands for itself.
 */
export async function measureSimulatorGoals(options: MeasuringOptions): Promise<Findings> {
  const sharedData = sharedDataOf(options.packageRoot);
  if (sharedData === undefined) return { samples: [], findings: simulatorFindings(nothingMeasured), note: MISSING_NOTE };
  const traces = recordedTraces(sharedData);
  const chosen = options.isQuick ? traces.filter((_, index) => index % QUICK_STRIDE === 0) : traces;
  const schedules = await eachOf("ideal schedules", chosen, async (trace) => idealSchedulesOf(trace));
  const bags = await measureBags(options, sharedData);
  const big = await measureBig(options, traces);
  const replays = await eachOf("replays", chosen, (trace) => measureReplay(options.packageRoot, trace));
  const costs = await measureCosts(options);
  const spins = await eachOf("replays that spin", chosen, (trace) =>
    measureSimulatedReplay(options.packageRoot, trace, { upperMs: SPIN_UPPER_MS, costs: costs.costs }),
  );
  return {
    samples: keyedSamples({ schedules: schedules.flat(), bags, big: [big], replays, costs: [costs], spins }),
    findings: simulatorFindings({ schedules: schedules.flat(), bags, big, replays, spins }),
    note: options.isQuick ? QUICK_NOTE : "",
  };
}

function measureBags({ packageRoot, isQuick }: MeasuringOptions, sharedData: string): Promise<BagWait[]> {
  const cases = isQuick ? bagCases.filter(({ runs }) => runs <= QUICK_BAG_TASKS_MAX) : bagCases;
  return eachOf("bags", cases, (bag) => measureBagWait(packageRoot, sharedData, bag));
}

async function measureBig({ packageRoot, isQuick }: MeasuringOptions, traces: readonly RecordedTrace[]): Promise<BigSimulation> {
  const tasksMin = isQuick ? QUICK_TASKS : MANY_TASKS;
  const wanted = traces.filter(({ name }) => name === BIG_TRACE);
  const [big] = await eachOf("many tasks", wanted, (trace) => measureBigSimulation(packageRoot, trace, tasksMin));
  if (big === undefined) throw new Error(`Cannot measure as the reference must list ${BIG_TRACE}`);
  return big;
}

async function measureCosts({ isQuick }: MeasuringOptions): Promise<DispatchCostsSample> {
  const parameters = isQuick ? quickDispatchCosts : fullDispatchCosts;
  const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["dispatch-costs"], parameters });
  return sample as DispatchCostsSample; // as: what this measurement prints
}
