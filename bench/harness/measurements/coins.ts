import { DataFlower, DataFlowerError } from "dataflower";
import { type CoinsRun, fateOf } from "../../workloads/coins.js";

type WorkflowModule = typeof import("../../workloads/coins-workflow.js");

/** Runs whose tasks fail by chance: how many of them complete. */
export interface CoinsParameters extends Pick<CoinsRun, "seed" | "failureShare" | "tasks" | "attempts"> {
  readonly measure: "coins";
  readonly threads: number;
  readonly runs: number;
}

export interface CoinsSample extends Pick<CoinsRun, "failureShare" | "tasks" | "attempts"> {
  readonly runs: number;
  readonly completed: number;
}

const IN_FLIGHT = 64;

/** Rejects when a run ends otherwise than its coins decide: in a wrong answer, or with another error, task or number of attempts. */
export async function measureCoins({ threads, runs, ...run }: CoinsParameters): Promise<CoinsSample> {
  const { seed, failureShare, tasks, attempts } = run;
  const { coins } = await loadWorkflow(tasks, attempts);
  await using engine = await DataFlower.start({ workflows: [coins], workers: threads, store: "memory:" });
  let next = 0;
  let completed = 0;
  const runOneByOne = async (): Promise<void> => {
    while (next < runs) {
      // Its cell is part of the id: the coins of two cells have nothing to do with each other.
      const runId = `coins-${tasks}-${attempts}-${failureShare}-${next++}`;
      const ended = await engine.run(coins, { seed, failureShare }, { runId }).catch(asFailure);
      checkEnd({ ...run, runId }, ended);
      if (!(ended instanceof DataFlowerError)) completed++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runOneByOne));
  return { failureShare, tasks, attempts, runs, completed };
}

function loadWorkflow(tasks: number, attempts: number): Promise<WorkflowModule> {
  const address = new URL("../../workloads/coins-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ tasks: String(tasks), attempts: String(attempts) }).toString();
  return import(address.href);
}

function asFailure(error: unknown): DataFlowerError {
  if (error instanceof DataFlowerError) return error;
  throw error;
}

/** Throws unless the run has ended as it must. */
export function checkEnd(run: CoinsRun, ended: readonly number[] | DataFlowerError): void {
  const fate = fateOf(run);
  const isRight = ended instanceof DataFlowerError ? failsRightly(fate, run, ended) : completesRightly(fate, ended);
  if (isRight) return;
  const found =
    ended instanceof DataFlowerError ? `${ended.code} of ${ended.task} after ${ended.attempts} attempts` : JSON.stringify(ended);
  throw new Error(`Cannot count run ${run.runId} as it must end as its coins decide, ${JSON.stringify(fate)}: found ${found}`);
}

type Fate = ReturnType<typeof fateOf>;

function failsRightly(fate: Fate, { attempts }: CoinsRun, error: DataFlowerError): boolean {
  if (fate.kind !== "fails" || error.code !== "DF_TASK_FAILED" || error.attempts !== attempts) return false;
  return error.task !== undefined && fate.tasks.includes(error.task);
}

function completesRightly(fate: Fate, succeededIn: readonly number[]): boolean {
  return fate.kind === "completes" && JSON.stringify(succeededIn) === JSON.stringify(fate.succeededIn);
}
