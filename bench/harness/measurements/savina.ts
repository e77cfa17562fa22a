import { createActorSystem } from "dataflower/actors";
import { savinaBenchmarks } from "../../savina/benchmarks.js";
import { Place } from "../../savina/savina.js";
import { monotonicMs } from "../clock.js";

/** One benchmark of the Savina suite, which is the workload. */
export interface SavinaParameters {
  readonly measure: "savina";
  readonly workers: 1 | 2;
  readonly scale: "full" | "tenth" | "tiny";
  /** Runs that do not count. */
  readonly warmup: number;
}

export interface SavinaSample {
  readonly messages: number;
  readonly elapsedMs: number;
}

/** Rejects when an answer is wrong. */
export async function measureSavina(workload: string, { workers, scale, warmup }: SavinaParameters): Promise<SavinaSample> {
  const benchmark = savinaBenchmarks.find(({ name }) => name === workload);
  if (benchmark === undefined) throw new Error(`Cannot measure as the suite must have the benchmark: found none called ${workload}`);
  const system = await createActorSystem({ workers });
  try {
    const run = async () => {
      const place = new Place(system, workers);
      const startMs = monotonicMs();
      const messages = await benchmark.run(place, benchmark.sizes[scale]);
      const elapsedMs = monotonicMs() - startMs;
      place.clear();
      return { messages, elapsedMs };
    };
    for (let done = 0; done < warmup; done++) await run();
    return await run();
  } finally {
    await system.close();
  }
}
