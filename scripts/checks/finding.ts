import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One place that breaks a rule of the project. */
export interface Finding {
  /** Path from the root of the project, `/` between folders. */
  readonly path: string;
  /** First line is 1; absent where the whole file is meant. */
  readonly line?: number;
  /** What was found, and what the rule wants instead. */
  readonly message: string;
}

/** What a check looked at and what it found. A check that looked at nothing has not passed. */
export interface Verdict {
  readonly lookedAt: number;
  readonly findings: readonly Finding[];
}

/** Prints a verdict in the form that editors and CI make links of, and fails the process where there is a finding. */
export function report(check: string, { lookedAt, findings }: Verdict): void {
  for (const { path, line, message } of findings) console.error(line === undefined ? `${path}: ${message}` : `${path}:${line}: ${message}`);
  const passed = findings.length === 0 && lookedAt > 0;
  console.log(`${check}: ${lookedAt} files, ${findings.length} findings${lookedAt === 0 ? " (nothing to look at is a failure)" : ""}`);
  if (!passed) process.exitCode = 1;
}

/** Whether the module at `url` is the program itself, not an import of a test. */
export function isProgram(url: string): boolean {
  const program = process.argv[1];
  return program !== undefined && realpathSync(program) === fileURLToPath(url);
}
