/** `npm run test:kills`: processes killed at random moments, a thousand times where that is asked for; a report on stdout and in files. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { captureEnvironment } from "../bench/harness/environment.js";
import { ResultsFolder } from "../bench/report/results-folder.js";
import { runProgram, UsageError, wholeNumberOf } from "./measuring-program.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const program = fileURLToPath(new URL("../runtime/engine/fixtures/random-kills-program.fixture.js", import.meta.url));
const stores = ["lmdb", "redis"];
const commits = ["strict", "pipelined"];

const HELP = `Usage: npm run test:kills -- [options]

Starts a process that executes runs of 200 tasks over a store, kills it 0 to 400 ms after its start or that of its engine, starts it
again, and so on; then judges all that happened: nothing that was acknowledged is missing, and nothing that was committed has happened again.

  --rounds N        kills that come with a task committed and a task running, the only ones that count (default 100)
  --store NAME      lmdb or redis (default lmdb)
  --commit KIND     strict or pipelined (default strict)
  --seed N          repeats the choices of another time (default: the time)
  --help            this text
`;

process.exitCode = await runProgram(HELP, async () => {
  const { values: flags } = parseArgs({
    options: {
      rounds: { type: "string", default: "100" },
      store: { type: "string", default: "lmdb" },
      commit: { type: "string", default: "strict" },
      seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const rounds = wholeNumberOf("--rounds", flags.rounds);
  const seed = wholeNumberOf("--seed", flags.seed);
  const store = oneOf("--store", stores, flags.store);
  const commit = oneOf("--commit", commits, flags.commit);
  const results = new ResultsFolder({ root: `${packageRoot}results`, category: "kills", environment: captureEnvironment(packageRoot) });
  const child = spawn(process.execPath, [program, store, String(rounds), String(seed), commit, results.path], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  process.stderr.write(`Report: ${relative(packageRoot, results.path)}\n`);
  if (code !== 0)
    throw new Error(`Cannot vouch for ${store} as every promise must be kept: the program that kills ended with ${String(code)}\n`);
});

function oneOf(name: string, known: readonly string[], flag: string): string {
  if (known.includes(flag)) return flag;
  throw new UsageError(`Cannot kill processes as ${name} must be ${known.join(" or ")}: ${flag}`);
}
