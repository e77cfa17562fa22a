import { DataFlower, DataFlowerError, type Engine } from "dataflower";
import { type CoinsRun, type Fate, fateOf } from "../../workloads/coins.js";
import { asFailure } from "../as-failure.js";
import { digestOf } from "../digest.js";

type WorkflowModule = typeof import("../../workloads/coins-workflow.js");

/** Runs whose tasks fail by chance: how many of them complete. */
export interface CoinsParameters extends Pick<CoinsRun, "seed" | "failureShare" | "tasks" | "attempts"> {
  readonly measure: "coins";
  readonly threads: number;
  readonly runs: number;
}

export interface CoinsCount extends Pick<CoinsRun, "failureShare" | "tasks" | "attempts"> {
  readonly runs: number;
  readonly completed: number;
}

export interface CoinsSample extends CoinsCount {
  /** Digest of how each run had to end, and did. */
  readonly fates: string;
}

const IN_FLIGHT = 64;

/** Rejects when a run ends otherwise than its coins decide: in a wrong answer, or with another error, task or number of attempts. */
export async function measureCoins({ failureShare, ...parameters }: CoinsParameters): Promise<CoinsSample> {
  const [sample] = await measureCoinsAt({ ...parameters, failureShares: [failureShare] });
  return sample!; // one a share
}

export interface CoinsAtParameters extends Omit<CoinsParameters, "measure" | "failureShare"> {
  readonly failureShares: readonly number[];
}

/** One sample for each share, one after the other on one engine. Rejects as measureCoins does. */
export async function measureCoinsAt({ threads, failureShares, ...tossing }: CoinsAtParameters): Promise<CoinsSample[]> {
  const { coins } = await loadCoins(tossing);
  await using engine = await DataFlower.start({ workflows: [coins], workers: threads, store: "memory:" });
  const samples: CoinsSample[] = [];
  for (const failureShare of failureShares) samples.push(await tossAll(engine, coins, { ...tossing, failureShare }));
  return samples;
}

async function tossAll(
  engine: Engine,
  coins: WorkflowModule["coins"],
  { runs, ...run }: Omit<CoinsParameters, "measure" | "threads">,
): Promise<CoinsSample> {
  const { seed, failureShare, tasks, attempts } = run;
  const fates: Fate[] = [];
  let next = 0;
  const runOneByOne = async (): Promise<void> => {
    while (next < runs) {
      const index = next++;
      // Its cell is part of the id: the coins of two cells have nothing to do with each other.
      const runId = `coins-${tasks}-${attempts}-${failureShare}-${index}`;
      const ended = await engine.run(coins, { seed, failureShare }, { runId }).catch(asFailure);
      fates[index] = checkEnd({ ...run, runId }, ended);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runOneByOne));
  const completed = fates.filter(({ kind }) => kind === "completes").length;
  return { failureShare, tasks, attempts, runs, completed, fates: digestOf(fates) };
}

/** How coins are tossed: `delays` between attempts are none or the default ones; `kernel` repeats of the compute kernel precede each toss. */
interface Tossing extends Pick<CoinsRun, "tasks" | "attempts"> {
  readonly delays?: "none" | "default";
  readonly kernel?: number;
}

export function loadCoins({ tasks, attempts, delays = "none", kernel = 0 }: Tossing): Promise<WorkflowModule> {
  const address = new URL("../../workloads/coins-workflow.js", import.meta.url);
  const query = { tasks: String(tasks), attempts: String(attempts), delays, kernel: String(kernel) };
  address.search = new URLSearchParams(query).toString();
  return import(address.href);
}

/** Throws unless the run has ended as it must. @returns how */
export function checkEnd(run: CoinsRun, ended: readonly number[] | DataFlowerError): Fate {
  const fate = fateOf(run);
  const isRight = ended instanceof DataFlowerError ? failsRightly(fate, run, ended) : completesRightly(fate, ended);
  if (isRight) return fate;
  const found =
    ended instanceof DataFlowerError ? `${ended.code} of ${ended.task} after ${ended.attempts} attempts` : JSON.stringify(ended);
  throw new Error(`Cannot count run ${run.runId} as it must end as its coins decide, ${JSON.stringify(fate)}: found ${found}`);
}

function failsRightly(fate: Fate, { attempts }: CoinsRun, error: DataFlowerError): boolean {
  if (fate.kind !== "fails" || error.code !== "DF_TASK_FAILED" || error.attempts !== attempts) return false;
  return error.task !== undefined && fate.tasks.includes(error.task);
}

function completesRightly(fate: Fate, succeededIn: readonly number[]): boolean {
  return fate.kind === "completes" && JSON.stringify(succeededIn) === JSON.stringify(fate.succeededIn);
}
