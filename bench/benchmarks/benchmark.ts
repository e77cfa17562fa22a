import type { MeasuringOptions } from "../harness/measuring-options.js";
import type { Picture } from "../report/plots/picture.js";

/** What a benchmark gives: tables for the terminal, the numbers behind them, and pictures of them. */
export interface BenchmarkResult {
  readonly text: string;
  readonly samples: readonly unknown[];
  readonly summary: unknown;
  readonly plots: readonly Picture[];
}

/** One thing that `npm run bench` measures. Rejects when an answer is wrong. */
export interface Benchmark {
  /** What it measures, in one line. */
  readonly title: string;
  measure(options: MeasuringOptions): Promise<BenchmarkResult>;
}
