import { runCommandLine } from "../harness/command-line.js";
import type { RecordedTrace } from "../workloads/recorded-traces.js";

/** Many runs of one workflow on a thousand machines, in two processes with the same seed. */
export interface BigSimulation {
  readonly tasks: number;
  /** Of the whole process, the start of Node.js included; each. */
  readonly elapsedMs: readonly number[];
  readonly areBytesEqual: boolean;
}

/** One of the largest. */
export const BIG_TRACE = "epigenomics-chameleon-hep-7seq-50k-001.json";
const MACHINES = 1_000;

/** @param tasksMin so many tasks are simulated, and not a run more than that takes. Rejects unless all were executed. */
export async function measureBigSimulation(packageRoot: string, trace: RecordedTrace, tasksMin: number): Promise<BigSimulation> {
  const runs = Math.ceil(tasksMin / trace.tasks);
  const args = ["simulate", trace.file, "--machines", String(MACHINES), "--runs", String(runs), "--seed", "1", "--json"];
  const one = await runCommandLine(packageRoot, args);
  const other = await runCommandLine(packageRoot, args);
  const { tasks } = JSON.parse(one.stdout) as { readonly tasks: number }; // as: what the command prints
  if (tasks !== runs * trace.tasks) {
    throw new Error(`Cannot count this simulation as ${runs * trace.tasks} tasks must be executed: found ${tasks}`);
  }
  return { tasks, elapsedMs: [one.elapsedMs, other.elapsedMs], areBytesEqual: one.stdout === other.stdout };
}
