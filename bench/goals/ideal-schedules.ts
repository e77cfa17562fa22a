import { plainMachines, readWorkload, simulate } from "dataflower/simulation";
import type { RecordedTrace } from "../workloads/recorded-traces.js";

/** One simulated schedule beside the one that the reference lists. */
export interface IdealSchedule {
  readonly trace: string;
  readonly scheduler: string;
  readonly machines: number;
  /** |simulated makespan ÷ listed makespan − 1|. */
  readonly deviation: number;
}

/** By the name of their columns. */
const schedulers = { fifo: "fifo", sjf: "sjf", hlf: "critical-path" } as const;
const machineCounts = [2, 4, 8, 16] as const;

export function idealSchedulesOf(trace: RecordedTrace): IdealSchedule[] {
  return machineCounts.flatMap((machines) =>
    Object.entries(schedulers).map(([column, scheduler]) => {
      const { makespanMs } = simulate({ runs: runsOf(trace, machines), machines, scheduler });
      const deviation = Math.abs(makespanMs / (trace.seconds(`${column}_P${machines}`) * 1e3) - 1);
      return { trace: trace.name, scheduler, machines, deviation };
    }),
  );
}

function runsOf({ file }: RecordedTrace, machines: number): ReturnType<typeof readWorkload> {
  return readWorkload({ files: [file], arrivals: undefined, load: undefined, runs: undefined, machines: plainMachines(machines), seed: 1 });
}
