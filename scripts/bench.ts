/** `npm run bench`: measures one benchmark, or this tree beside another commit; tables on stdout, progress on stderr. */

import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchmarkNames, benchmarkOf } from "../bench/benchmarks/benchmarks.js";
import { buildCommit } from "../bench/compare/built-commit.js";
import { casesOf } from "../bench/compare/cases.js";
import { compare } from "../bench/compare/compare.js";
import { captureEnvironment, type Environment } from "../bench/harness/environment.js";
import { svgOf } from "../bench/report/plots/svg.js";
import { ResultsFolder } from "../bench/report/results-folder.js";
import { type RoundsFlags, roundsOf, runProgram, UsageError } from "./measuring-program.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

const HELP = `Usage: npm run bench -- NAME [options]
       npm run bench -- --compare REF [options]

Measures one of: ${benchmarkNames.join(", ")}.
Or builds another commit beside this tree and prints how many times as good this tree is, with 95 % intervals;
the measuring code is this tree's for both.

  --compare REF   a commit, branch or tag of this repository
  --only TEXT     of a comparison only the cases whose name contains it: a workload, METG, hops, half load, large graph, start
  --rounds N      processes of each contender (default 10)
  --restate DIR   of durable-peers: measures Restate, too, which was installed there; without it, what DF_RESTATE names
  --quick         short measurements, 2 rounds: shows that everything works, not what it can do
  --help          this text
`;

process.exitCode = await runProgram(HELP, async () => {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      compare: { type: "string" },
      only: { type: "string", default: "" },
      rounds: { type: "string" },
      restate: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) process.stdout.write(HELP);
  else if (flags.compare === undefined) await measureBenchmark(positionals, flags);
  else await compareWith(flags.compare, flags);
});

interface Flags extends RoundsFlags {
  readonly only: string;
  readonly restate?: string | undefined;
}

async function measureBenchmark([name = "", ...others]: readonly string[], flags: Flags): Promise<void> {
  const rounds = roundsOf(flags);
  const benchmark = others.length === 0 ? await benchmarkOf(name) : undefined;
  if (!benchmark) throw new UsageError(`Cannot measure as one of ${benchmarkNames.join(", ")}, or --compare REF, must be given: ${name}`);
  const environment = captureEnvironment(packageRoot);
  const restate = flags.restate ?? process.env.DF_RESTATE;
  const { text, samples, summary, plots } = await benchmark.measure({
    rounds,
    seed: 1,
    cores: environment.cores,
    packageRoot,
    isQuick: flags.quick,
    ...(restate && { restate: resolve(restate) }),
  });
  const folder = new ResultsFolder({ root: `${packageRoot}results`, category: "bench", environment });
  folder.save(name, { samples, summary });
  for (const plot of plots) writeFileSync(join(folder.path, name, `${plot.name}.svg`), svgOf(plot));
  print(environment, rounds, `${benchmark.title}\n\n${text}`, folder);
}

function print({ cpu, cores, node }: Environment, rounds: number, text: string, folder: ResultsFolder): void {
  process.stdout.write(`${cpu}, ${cores} cores, Node ${node}, rounds: ${rounds}\n\n${text}\n`);
  process.stdout.write(`All samples: ${relative(process.cwd(), folder.path)}\n`);
}

async function compareWith(ref: string, flags: Flags): Promise<void> {
  const rounds = roundsOf(flags);
  const cores = availableParallelism();
  const cases = casesOf(cores).filter(({ name }) => name.includes(flags.only));
  if (cases.length === 0) throw new UsageError(`Cannot measure as no case has this in its name: ${flags.only}`);
  const other = await buildCommit(packageRoot, ref);
  try {
    const environment = captureEnvironment(packageRoot);
    const { text, samples, summary } = await compare({
      packageRoot,
      other,
      cases,
      rounds,
      seed: 1,
      cores,
      isQuick: flags.quick,
    });
    const folder = new ResultsFolder({ root: `${packageRoot}results`, category: "compare", environment });
    folder.save(other.commit.slice(0, 7), { samples, summary });
    print(environment, rounds, text, folder);
  } finally {
    other.remove();
  }
}
