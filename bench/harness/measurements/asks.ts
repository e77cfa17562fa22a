import { type AskContenderName, askContenderOf } from "../../peers/asks/contenders.js";
import { monotonicMs } from "../clock.js";
import { LatencyHistogram } from "../latency-histogram.js";

/** Round trips, one after the other. */
export interface AskParameters {
  readonly measure: "asks";
  readonly by: AskContenderName;
  /** That do not count. */
  readonly warmup: number;
  readonly asks: number;
}

export interface AskSample {
  readonly asks: number;
  /** Encoded, see LatencyHistogram. */
  readonly latencies: string;
}

/** Rejects when an answer is wrong. */
export async function measureAsks({ by, warmup, asks }: AskParameters): Promise<AskSample> {
  const asking = await (await askContenderOf(by)).open();
  const latencies = LatencyHistogram.empty();
  try {
    for (let question = 0; question < warmup + asks; question++) {
      const askedMs = monotonicMs();
      const answer = await asking.ask(question);
      if (question >= warmup) latencies.recordMs(monotonicMs() - askedMs);
      if (answer !== question + 1) throw new Error(`Cannot count the ask as its answer must be ${question + 1}: found ${answer}`);
    }
  } finally {
    await asking.close();
  }
  return { asks: latencies.count, latencies: latencies.encoded() };
}
