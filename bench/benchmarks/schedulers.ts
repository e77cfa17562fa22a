import type { Benchmark } from "./benchmark.js";
import { measureRealTrial, realTable } from "./schedulers/real.js";
import { measureSimulatedTrial, simulatedTables, trialPlots } from "./schedulers/simulated.js";

export const schedulers: Benchmark = {
  title: "a fair trial of all schedulers: recorded, tabled and adversarial workloads at loads of 0.5 to 1.1",
  async measure(options) {
    const { samples: simulated, instances, note } = await measureSimulatedTrial(options);
    const real = await measureRealTrial(options);
    const text = `${note}${simulatedTables(simulated, instances)}\n\n${realTable(real.rows)}\n${real.note}`;
    return {
      text,
      samples: [...simulated, ...real.samples],
      summary: { simulated, real: real.rows },
      plots: trialPlots(simulated, instances),
    };
  },
};
