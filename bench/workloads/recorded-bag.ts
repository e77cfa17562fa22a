import { plainMachines, readWorkload, type SimulatedRun } from "dataflower/simulation";

/** Part of the recorded bag of tasks, on machines of one task each. */
export interface BagPart {
  /** Its first so many tasks, by submission. */
  readonly runs: number;
  readonly machines: number;
  /** Work offered, as a share of what the machines can do; undefined: as it was recorded. */
  readonly load?: number;
  /** Whether policies are told run times. @defaultValue "exact" */
  readonly estimates?: "exact" | "none";
}

/** Tasks of the bag that are recorded. */
export const BAG_TASKS = 31_756;

export const bagFile = (sharedData: string): string => `${sharedData}alibaba-2017/cloudsimpy-jobs.csv`;

/** In the order of submission. @param sharedData folder of the third-party data */
export function bagRuns(sharedData: string, { runs, machines, load, estimates }: BagPart): SimulatedRun[] {
  const offered = load === undefined ? {} : { load, machines: plainMachines(machines) };
  return [...readWorkload({ files: [bagFile(sharedData)], runs, estimates, ...offered })];
}

/** How long the one task of a run of the bag takes, in ms. */
export function durationOf({ workflow }: SimulatedRun): number {
  return workflow.durationMs(workflow.graph.nodeCount - 1); // behind its input
}

/** The same runs, each with a deadline. @param afterMs from its submission, by its duration in ms and its position */
export function withDeadlines(runs: readonly SimulatedRun[], afterMs: (durationMs: number, index: number) => number): SimulatedRun[] {
  return runs.map((run, index) => ({ ...run, deadlineMs: run.submitMs + afterMs(durationOf(run), index) }));
}

/** 1.5 to 10 times the duration, by the golden section: evenly spread, and the same everywhere. */
export const spreadDeadline = (durationMs: number, index: number): number => durationMs * (1.5 + 8.5 * ((0.6180339887 * index) % 1));
