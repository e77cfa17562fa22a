import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunManifest } from "./run-folder.js";
import type { Sample } from "./sample.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = `${root}dist/bench/experiments/main.js`;

/** Small and fast: two experiments that need nothing but this machine. */
export const tinyConfig = `
seed: 7
metrics_port: 0
profiles:
  quick: { rounds: 2, warmup_ms: 5, measure_ms: 10, open_loop_ms: 50 }
  full: { rounds: 2, warmup_ms: 5, measure_ms: 10, open_loop_ms: 50 }
performance:
  throughput: { num_workflows: 4, workflow_sizes: [3], shapes: [chain] }
  run_timeline: { schedulers: [fifo], warmup_runs: 1, rounds: 1 }
`;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as its users start it, with a folder of its own for what it is given and what it writes. */
export class ExperimentsProgram {
  readonly folder = mkdtempSync(join(tmpdir(), "dataflower-experiments-"));
  readonly output = join(this.folder, "results");

  /** A configuration in the folder. @returns its path */
  config(text = tinyConfig): string {
    const file = join(this.folder, "config.yaml");
    writeFileSync(file, text);
    return file;
  }

  start(args: readonly string[], command: readonly string[] = []): { process: ChildProcess; ended: Promise<Ended> } {
    const [first, ...rest] = [...command, process.execPath, program, ...args] as [string, ...string[]]; // as: it holds Node at least
    const child = spawn(first, rest, { cwd: this.folder });
    const read = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => (read[stream] += text));
    return { process: child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, ...read })) }; // as: what "close" says
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** Folders of runs, the oldest first. */
  runs(): ExperimentsRun[] {
    const names = readdirSync(this.output, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    return names.sort().map((name) => new ExperimentsRun(join(this.output, name)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class ExperimentsRun {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  json(name: string): unknown {
    return JSON.parse(this.read(name));
  }

  manifest(): RunManifest {
    return this.json("run.json") as RunManifest; // as: what the program writes there
  }

  samples(experiment: string): Sample[] {
    const lines = this.read(`${experiment}/samples.jsonl`).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Sample); // as: what the program writes there
  }
}
