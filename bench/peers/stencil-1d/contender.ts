import type { Point } from "../../workloads/stencil-1d.js";

/** One way to execute the stencil, a task a point. */
export interface Contender {
  open(setting: { readonly width: number; readonly threads: number }): Promise<Session>;
}

export interface Session {
  /** Prepares the stencil with kernels of this length. What has been learnt of tasks of another length does not count for these. */
  prepare(kernelRepeats: number): RunStencil;
  close(): Promise<void>;
}

/** Executes the stencil once. */
export type RunStencil = () => Promise<Executed>;

export interface Executed {
  /** Outputs of the last step. */
  readonly answer: readonly Point[];
  /** Tasks that each worker executed, where the contender tells. */
  readonly tasksByWorker?: readonly number[];
}
