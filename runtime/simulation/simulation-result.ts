/** Of a sample, in its own unit. All are 0 where it is empty. Percentiles are nearest ranks: each is one of the sampled values. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What a simulation tells. Times in ms of virtual time. */
export interface SimulationResult {
  readonly scheduler: string;
  readonly dispatch: "ideal" | "workers";
  readonly machines: number;
  readonly cores: number;
  readonly seed: number;
  readonly runs: number;
  /** Runs that failed. */
  readonly failedRuns: number;
  /** Attempts executed. */
  readonly tasks: number;
  /** From the first submission to the end of the last run. */
  readonly makespanMs: number;
  /** Of attempts: from readiness to start. */
  readonly waitMs: Distribution;
  /** Of completed runs: from submission to end, divided by the length of the run's longest path, which counts as 1 ms at least. */
  readonly slowdown: Distribution;
  /** Runs that ended later than their deadline. */
  readonly deadlineMisses: number;
  readonly costUsd: number;
  /** Share of the cores' time up to the end of the last run in which they executed attempts, from 0 to 1. */
  readonly utilisation: number;
  /** What policies have learnt, by their names: of `learned` run times by category, of `adaptive` its switches, of `deadline` what was late. */
  readonly learned: Readonly<Record<string, object>>;
  /** Starts of attempts in order; only when they were asked for. */
  readonly decisions?: readonly Decision[];
}

/** One attempt was started. */
export interface Decision {
  readonly atMs: number;
  /** Position of the run in the order of submission. */
  readonly run: number;
  /** Path of the task. */
  readonly task: string;
  readonly attempt: number;
  /** Position of the machine in the list. */
  readonly machine: number;
}
