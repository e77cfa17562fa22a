/** `npm run bench -- --compare REF`: how fast this tree is, measured beside another commit; tables on stdout, progress on stderr. */

import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildCommit } from "../bench/compare/built-commit.js";
import { casesOf, compare } from "../bench/compare/compare.js";
import { captureEnvironment } from "../bench/harness/environment.js";
import { fullPace, quickPace } from "../bench/harness/pace.js";
import { ResultsFolder } from "../bench/report/results-folder.js";
import { type RoundsFlags, roundsOf, runProgram, UsageError } from "./measuring-program.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

const HELP = `Usage: npm run bench -- --compare REF [options]

Builds another commit beside this tree and prints how many times as fast this tree is, with 95 % intervals.
The measuring code is this tree's for both.

  --compare REF   a commit, branch or tag of this repository
  --only TEXT     only the workloads whose name contains it
  --rounds N      processes of each (default 10)
  --quick         short measurements, 2 rounds: shows that everything works, not what it can do
  --help          this text
`;

process.exitCode = await runProgram(HELP, async () => {
  const { values: flags } = parseArgs({
    options: {
      compare: { type: "string" },
      only: { type: "string", default: "" },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) process.stdout.write(HELP);
  else await compareWith(flags);
});

interface Flags extends RoundsFlags {
  readonly compare?: string | undefined;
  readonly only: string;
}

async function compareWith(flags: Flags): Promise<void> {
  if (flags.compare === undefined) throw new UsageError("Cannot measure as --compare must name a commit");
  const rounds = roundsOf(flags);
  const cases = casesOf(availableParallelism()).filter(({ workload }) => workload.includes(flags.only));
  if (cases.length === 0) throw new UsageError(`Cannot measure as no workload has this in its name: ${flags.only}`);
  const other = await buildCommit(packageRoot, flags.compare);
  try {
    const environment = captureEnvironment(packageRoot);
    const { text, samples, summary } = await compare({
      packageRoot,
      other,
      cases,
      rounds,
      seed: 1,
      pace: flags.quick ? quickPace : fullPace,
    });
    const folder = new ResultsFolder({ root: `${packageRoot}results`, category: "compare", environment });
    folder.save(other.commit.slice(0, 7), { samples, summary });
    process.stdout.write(`${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, rounds: ${rounds}\n\n${text}\n`);
    process.stdout.write(`All samples: ${relative(process.cwd(), folder.path)}\n`);
  } finally {
    other.remove();
  }
}
