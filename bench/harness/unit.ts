import { type EchoParameters, measureEcho } from "./measurements/echo.js";
import { type LatencyParameters, measureLatency } from "./measurements/latency.js";
import { measureThroughput, type ThroughputParameters } from "./measurements/throughput.js";
import { measureWordCount, type WordCountParameters } from "./measurements/word-count.js";

/** The stencil of 1 ms tasks, which only DataFlower runs. */
export interface SpinParameters {
  readonly measure: "spin";
  readonly threads: number;
  readonly repeats: number;
}

/** What is measured in one process. */
export type Parameters = ThroughputParameters | LatencyParameters | EchoParameters | WordCountParameters | SpinParameters;

/** Measures one contender at one workload, in this process. Rejects when an answer is wrong. */
export function measureUnit(contender: string, workload: string, parameters: Parameters): Promise<object> {
  switch (parameters.measure) {
    case "throughput":
      return measureThroughput(contender, workload, parameters);
    case "latency":
      return measureLatency(contender, workload, parameters);
    case "echo":
      return measureEcho(parameters);
    case "word-count":
      return measureWordCount(contender, parameters);
    case "spin":
      return measureSpinStencil(parameters);
  }
}

/** Imported only here: it loads DataFlower, which other contenders must not pay for. */
async function measureSpinStencil(parameters: SpinParameters): Promise<object> {
  const { measureSpin } = await import("../peers/spin/dataflower.js");
  return measureSpin(parameters);
}
