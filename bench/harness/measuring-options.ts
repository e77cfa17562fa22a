/** How anything is measured: by the goals, and by the benchmarks. */
export interface MeasuringOptions {
  /** Processes of each contender. */
  readonly rounds: number;
  /** Decides the order within each round. */
  readonly seed: number;
  readonly cores: number;
  readonly packageRoot: string;
  /** Short windows: to see that everything works, not what it can do. */
  readonly isQuick: boolean;
  /** Folder with an installation of Restate, for what is measured beside it. */
  readonly restate?: string;
}
