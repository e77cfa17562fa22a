/** `npm run claim -- NAME`: what a run of experiments says of a claim. It judges summaries that are there, and measures nothing. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { assessed } from "../bench/experiments/claims/claim.js";
import { claims } from "../bench/experiments/claims/claims.js";
import { summariesOf } from "../bench/experiments/keep-reports.js";
import { RunFolder } from "../bench/experiments/run-folder.js";
import type { Claim } from "../bench/report/pages/report.js";
import { runProgram, UsageError } from "./measuring-program.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

const HELP = `Usage: npm run claim -- NAME|all [--results FOLDER]

Prints a claim, what was measured of it, its 95 % interval and the verdict that follows.

${claims.map(({ name, statement }) => `  ${name.padEnd(24)}${statement}`).join("\n")}

  --results FOLDER  a run, or a folder of runs, of which the newest counts (default results)
  --help            this text
`;

process.exitCode = await runProgram(HELP, async () => {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: { results: { type: "string", default: `${packageRoot}results` }, help: { type: "boolean", default: false } },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const [name = "", ...others] = positionals;
  const wanted = name === "all" ? claims : claims.filter((claim) => claim.name === name);
  if (wanted.length === 0 || others.length > 0) {
    throw new UsageError(
      `Cannot judge as one of ${claims.map((claim) => claim.name).join(", ")}, or all, must be given: ${positionals.join(" ")}`,
    );
  }
  const run = newestRun(resolve(flags.results));
  const summaries = summariesOf(run);
  process.stdout.write(wanted.map((claim) => textOf(assessed(claim, summaries))).join("\n"));
  process.stderr.write(`By ${relative(process.cwd(), run.path)}\n`);
});

function newestRun(folder: string): RunFolder {
  const candidates = existsSync(folder)
    ? [
        folder,
        ...readdirSync(folder)
          .sort()
          .reverse()
          .map((name) => join(folder, name)),
      ]
    : [];
  const run = candidates.map((path) => RunFolder.at(path)).find((one) => one.manifest() !== undefined);
  if (run === undefined) throw new UsageError(`Cannot judge as ${folder} must hold a run: npm run experiments leaves one`);
  return run;
}

function textOf({ name, statement, source, figure, interval, verdict, note, summaries }: Claim): string {
  const lines = [
    ["claim", statement],
    ["claimed by", source],
    ["measured", figure],
    ["95 % interval", interval],
    ["verdict", verdict],
    ["note", note],
    ["computed from", summaries.join(", ")],
  ].filter(([, text]) => text !== "");
  return `${name}\n${lines.map(([title, text]) => `  ${title!.padEnd(15)}${text}\n`).join("")}`;
}
