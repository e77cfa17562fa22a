/**
 * The main job, `npm start`: word count over real files, throughput by shape and size, latency under an open load; DataFlower beside what else one
 * could use. Tables on stdout, progress on stderr, everything measured under results/.
 */

import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { captureEnvironment } from "../harness/environment.js";
import { ResultsFolder } from "../report/results-folder.js";
import { ConfigError, readConfig } from "./config.js";
import { measureLatencyPart } from "./latency.js";
import type { PartContext, PartResult } from "./part.js";
import { measureThroughputPart } from "./throughput.js";
import { measureWordCountPart } from "./word-count.js";

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));

const HELP = `Usage: npm start -- [options]

Counts words of real files, measures throughput and latency, each beside other ways to do the same.

  --quick        same steps and checks in seconds instead of a minute; the numbers mean less
  --config FILE  what to measure (default configs/experiment_config.yaml)
  --help         this text

Results are kept under results/. Exit codes: 0 measured, 1 something broke or an answer was wrong, 2 bad usage or configuration.
`;

const parts: Readonly<Record<string, (context: PartContext) => Promise<PartResult>>> = {
  "word-count": measureWordCountPart,
  throughput: measureThroughputPart,
  latency: measureLatencyPart,
};

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const options = optionsOf(args);
    if (options.help) process.stdout.write(HELP);
    else await measureAll(options);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

interface MainOptions {
  readonly quick: boolean;
  readonly config: string;
  readonly help: boolean;
}

function optionsOf(args: string[]): MainOptions {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      config: { type: "string", default: `${packageRoot}configs/experiment_config.yaml` },
      help: { type: "boolean", default: false },
    },
  });
  return values;
}

async function measureAll({ quick, config: configFile }: MainOptions): Promise<void> {
  const { performance: config } = readConfig(configFile);
  const environment = captureEnvironment(packageRoot);
  const folder = new ResultsFolder({ root: `${packageRoot}results`, category: "performance", environment });
  folder.keep(configFile, "config.yaml");
  const context = { config, pace: quick ? config.pace.quick : config.pace.full, packageRoot, cores: availableParallelism() };

  process.stdout.write(
    `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}${quick ? ", quick: numbers mean little" : ""}\n`,
  );
  for (const [name, measure] of Object.entries(parts)) {
    const result = await measure(context);
    folder.save(name, result);
    process.stdout.write(`\n${result.text}`);
  }
  process.stdout.write(`\nAll samples: ${relative(process.cwd(), folder.path)}\n`);
}

/** Says what went wrong; the user's mistakes without a stack. */
function explain(error: unknown): number {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else if (isUsageError(error)) process.stderr.write(`${error.message}\n\n${HELP}`);
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  return 2;
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
