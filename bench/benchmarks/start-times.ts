import { runCommandLine, runNode } from "../harness/command-line.js";
import { measureInFreshProcess } from "../harness/fresh-process.js";
import type { StartSample } from "../harness/measurements/start.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { bootstrapMedian, type Estimate } from "../harness/statistics.js";
import { Progress } from "../report/progress.js";
import { expectedOfFiveTasks } from "../workloads/five-tasks.js";

/** Everything that is timed, in ms, in the order in which it is printed. */
export const startTitles = {
  bareNode: "whole process: node -e 0",
  importingNode: "whole process: node, which imports dataflower",
  commandLine: "whole process: dataflower run, a .js file of five tasks",
  importMs: "import of dataflower",
  startMs: "DataFlower.start()",
  firstRunMs: "first run of five tasks",
} as const;

export type StartFigure = keyof typeof startTitles;
type Times = Readonly<Partial<Record<StartFigure, number>>>;

export interface StartTimes {
  /** Medians of all processes. */
  readonly figures: Readonly<Record<StartFigure, Estimate>>;
  /** Processes of each kind. */
  readonly count: number;
  readonly samples: readonly Times[];
  readonly note: string;
}

/** Processes of each kind, at least; their order is shuffled within each round. */
const PROCESSES_MIN = 20;

export async function measureStartTimes(options: MeasuringOptions): Promise<StartTimes> {
  const copies = options.isQuick ? 1 : Math.ceil(PROCESSES_MIN / options.rounds);
  const kinds = [bareNode, importingNode, commandLine, inProcess];
  const progress = new Progress("start");
  const rounds = await measureRounds({
    units: kinds.flatMap((kind) => new Array<typeof kind>(copies).fill(kind)),
    rounds: options.rounds,
    seed: options.seed,
    measure: (kind) => kind(options),
    progress: (kind, done, total) => progress.update(done, total, kind.name),
  });
  progress.end();
  const samples = rounds.flatMap((round) => round.samples);
  return { figures: figuresOf(samples, options.seed), count: copies * options.rounds, samples, note: disturbance(rounds) };
}

function figuresOf(samples: readonly Times[], seed: number): StartTimes["figures"] {
  const figure = (name: StartFigure) =>
    bootstrapMedian(
      samples.flatMap((sample) => sample[name] ?? []),
      seed,
    );
  const names = Object.keys(startTitles) as StartFigure[]; // as: Object.keys forgets that the keys are known
  return Object.fromEntries(names.map((name) => [name, figure(name)])) as StartTimes["figures"]; // as: one of each name
}

async function bareNode({ packageRoot }: MeasuringOptions): Promise<Times> {
  return { bareNode: (await runNode(["-e", "0"], packageRoot)).elapsedMs };
}

/** From the package's own folder its name leads to its public door. */
async function importingNode({ packageRoot }: MeasuringOptions): Promise<Times> {
  return { importingNode: (await runNode(["--input-type=module", "-e", 'import "dataflower"'], packageRoot)).elapsedMs };
}

/** The program as a user calls it. */
export async function commandLine({ packageRoot, cores }: MeasuringOptions): Promise<Times> {
  const file = `${packageRoot}dist/bench/workloads/five-tasks.js`;
  const flags = ["--input", '{"n":7}', "--workers", String(cores), "--store", "memory:"];
  const { stdout, elapsedMs } = await runCommandLine(packageRoot, ["run", file, ...flags]);
  if (Number(stdout) !== expectedOfFiveTasks(7)) throw new Error(`Cannot count this process as it must print its answer: ${stdout}`);
  return { commandLine: elapsedMs };
}

/** A process that imports the engine, starts it and has it run something. */
export async function inProcess({ cores: threads, packageRoot }: MeasuringOptions): Promise<Times> {
  const unit = { contender: "dataflower", workloads: ["five-tasks"], parameters: { measure: "start", threads } } as const;
  const [sample] = await measureInFreshProcess(unit, { packageRoot });
  const { importMs, startMs, firstRunMs } = sample as StartSample; // as: what this measurement prints
  return { importMs, startMs, firstRunMs };
}
