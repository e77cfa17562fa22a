import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import type { MicroSample } from "../harness/measurements/micro.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { familyNames } from "../micro/families.js";
import type { HopsSample } from "../micro/hops/hops.js";
import { renderHops, summariseHops } from "../micro/hops/hops-report.js";
import { renderOperations, summariseOperations } from "../micro/operations-report.js";
import { Progress } from "../report/progress.js";
import type { Benchmark } from "./benchmark.js";

/** The parts of which a task is made, each alone: from the figures a floor of what a task costs can be computed. */
export const micro: Benchmark = {
  title: "what each part costs alone, and each hop between threads",
  async measure(options) {
    const progress = new Progress("micro");
    const rounds = await measureRounds({
      units: [...familyNames.map((family) => familyUnit(family, options)), hopsUnit(options)],
      rounds: options.rounds,
      seed: options.seed,
      // as: child.ts prints what micro.ts and hops.ts return
      measure: async (unit: Unit) => (await measureInFreshProcess(unit))[0] as MicroSample | HopsSample,
      progress: (unit, done, total) => progress.update(done, total, unit.workloads.join()),
    });
    progress.end();
    const samples = rounds.flatMap((round, index) => round.samples.map((sample) => ({ round: index, ...sample })));
    const operations = summariseOperations(
      samples.flatMap((sample) => ("operations" in sample ? sample.operations : [])),
      options.seed,
    );
    const hops = summariseHops(samples.flatMap((sample) => ("hops" in sample ? sample.hops : [])));
    const text = `${renderOperations(operations)}\n\n${renderHops(hops)}\n${disturbance(rounds)}`;
    return { text, samples, summary: { operations, hops }, plots: [] };
  },
};

function familyUnit(family: string, { isQuick }: MeasuringOptions): Unit {
  const pace = isQuick ? { warmupMs: 1, measureMs: 1, readyTasksMax: 1_000 } : { warmupMs: 100, measureMs: 400, readyTasksMax: 1_000_000 };
  return { contender: "dataflower", workloads: [family], parameters: { measure: "micro", ...pace } };
}

function hopsUnit({ isQuick }: MeasuringOptions): Unit {
  const counts = isQuick ? { spinning: 200, asleep: 20 } : { spinning: 20_000, asleep: 1_500 };
  return { contender: "dataflower", workloads: ["hops"], parameters: { measure: "hops", ...counts } };
}
