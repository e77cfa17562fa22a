import type { SimulatedWorkflow } from "./workload.js";

/** What runs of a simulation are taken from, by position, before it is settled when each is submitted. */
export interface RunPool {
  /** Runs that there are at most. */
  readonly countMax: number;
  /** By itself, in ms: not smaller than that of the run before. */
  submitMs(index: number): number;
  /** Time in ms that all tasks of the run take, one core each. */
  workMs(index: number): number;
  /** As `workMs`, times the cores that each task reserves. */
  coreMs(index: number): number;
  workflow(index: number): SimulatedWorkflow;
  priority(index: number): number;
  /** From its submission, in ms; undefined: none. */
  deadlineMs(index: number): number | undefined;
}
