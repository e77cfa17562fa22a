/** One measurement of one variant: a line of samples.jsonl. `configs/schemas/sample.schema.json` describes it for other programs. */
export interface Sample extends Measured {
  readonly variant: string;
  /** From 0. */
  readonly round: number;
  /** Share of processor time that other machines took meanwhile. */
  readonly stealShare: number;
  /** How often it was measured anew because of that. */
  readonly repeats: number;
  /** Why this variant could not be measured here, such as a server that is missing; then it has no numbers. */
  readonly absent?: string;
}

/** What one measurement found. Names of numbers end in their unit: `tasksPerSecond`, `makespanMs`, `usedBytes`. */
export interface Measured {
  /** One number each. What is known of them over all rounds is a median with its interval. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Counted: so many of so many. What is known of them is a share with its exact binomial interval. */
  readonly shares?: Readonly<Record<string, Share>>;
  /** Latencies, encoded as LatencyHistogram does. What is known of them are percentiles over all rounds. */
  readonly latencies?: Readonly<Record<string, string>>;
  /** What the seed decides: inputs, injected faults, answers, digests, simulator output. The same seed gives the same, byte for byte. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Anything else worth keeping. */
  readonly details?: unknown;
}

export interface Share {
  readonly hits: number;
  readonly of: number;
}
