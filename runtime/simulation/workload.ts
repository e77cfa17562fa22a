import type { Graph } from "../../actors/workflow/graph.js";

/** A workflow with what is known of its tasks beforehand: enough to simulate runs of it. */
export interface SimulatedWorkflow {
  readonly name: string;
  readonly graph: Graph;
  /** Run time in ms of one attempt, by node. */
  durationMs(node: number): number;
  /** By node; undefined: nothing is known. */
  readonly inputBytes?: Float64Array | undefined;
  /** What workflows have in common whose tasks differ in nothing but durations, priorities, estimates, sizes and reservations; undefined: nothing. */
  readonly family?: object | undefined;
}

/** One run to be simulated. */
export interface SimulatedRun {
  readonly workflow: SimulatedWorkflow;
  /** In ms from the start of the simulation. */
  readonly submitMs: number;
  readonly priority: number;
  /** When it should have ended, in ms from the start of the simulation; undefined: no matter. */
  readonly deadlineMs?: number | undefined;
}
