#!/usr/bin/env node
/** The program `dataflower`: executes one command and ends with its exit code, whatever modules have left running. */
import { errorLines } from "./error-lines.js";
import { type ExitCode, exitCodeOf } from "./exit-code.js";
import { Interruption } from "./interruption.js";
import { jsonLine } from "./json-value.js";
import { executeCommand } from "./program.js";
import { refusalJson } from "./run-report.js";
import { strayError } from "./stray-error.js";
import { Terminal } from "./terminal.js";

const given = process.argv.slice(2);
const terminal = new Terminal();
process.on("uncaughtException", (error) => void exit(refuse(strayError(error))));
await exit(await main());

async function main(): Promise<ExitCode> {
  try {
    return await executeCommand(given, terminal, new Interruption());
  } catch (error) {
    return refuse(error);
  }
}

/** Says why, and with `--json` prints it too: whoever reads standard output gets one object in any case. */
function refuse(error: unknown): ExitCode {
  if (given.includes("--json") && !terminal.hasPrinted) terminal.print(jsonLine(refusalJson(error)));
  terminal.say(errorLines(error));
  return exitCodeOf(error);
}

async function exit(code: ExitCode): Promise<void> {
  await terminal.flush();
  process.exit(code);
}
