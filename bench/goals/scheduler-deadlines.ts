import { simulate } from "dataflower/simulation";
import { bagRuns, spreadDeadline, withDeadlines } from "../workloads/recorded-bag.js";

/** Runs of the recorded bag that miss their deadlines. */
export interface DeadlineMisses {
  readonly deadlines: string;
  readonly machines: number;
  readonly scheduler: string;
  readonly runs: number;
  readonly misses: number;
}

/** When a run is due after its submission, by its duration, in ms. */
const deadlines = {
  "1.5 to 10 × duration": spreadDeadline,
  "duration + 600 s": (ms: number) => ms + 600_000,
  "2 × duration": (ms: number) => 2 * ms,
  "5 × duration": (ms: number) => 5 * ms,
} as const;

export type DeadlineName = keyof typeof deadlines;
export const deadlineNames = Object.keys(deadlines) as DeadlineName[]; // as: Object.keys forgets that the keys are known
export const deadlineMachines = [41, 35] as const;
export const deadlineSchedulers = ["fifo", "sjf", "deadline"] as const;

/** Of the first so many tasks. */
export const DEADLINE_RUNS = 2_000;

/** Throws unless all tasks were executed. */
export function deadlineMisses(sharedData: string, name: DeadlineName, machines: number, runs = DEADLINE_RUNS): DeadlineMisses[] {
  const due = withDeadlines(bagRuns(sharedData, { runs, machines }), deadlines[name]);
  return deadlineSchedulers.map((scheduler) => {
    const { tasks, deadlineMisses: misses } = simulate({ runs: due, machines, scheduler });
    if (tasks !== runs) throw new Error(`Cannot count deadlines as all ${runs} tasks must be executed: found ${tasks}`);
    return { deadlines: name, machines, scheduler, runs, misses };
  });
}
