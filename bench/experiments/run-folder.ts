import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../harness/environment.js";
import { freshFolder } from "../report/results-folder.js";
import type { Sample } from "./sample.js";

/** How far an experiment of a run has come. */
export interface ExperimentState {
  readonly category: string;
  readonly name: string;
  readonly status: "done" | "partial" | "failed" | "not started";
  /** Why it failed. */
  readonly message?: string;
  readonly rounds: number;
  /** Samples that were asked for. */
  readonly units: number;
}

/** What a run is: run.json. `configs/schemas/run.schema.json` describes it. */
export interface RunManifest {
  readonly time: string;
  readonly commit: string;
  readonly profile: string;
  readonly seed: number;
  /** What repeats it. */
  readonly command: string;
  /** The same as the program takes it; runs of older versions lack it. */
  readonly arguments?: readonly string[];
  readonly elapsedMs: number;
  /** Whether something that was asked for is missing. */
  readonly isPartial: boolean;
  /** Why it is partial. */
  readonly reason?: string;
  readonly experiments: readonly ExperimentState[];
}

/** Where an experiment stands in the folder of its run. */
export const folderOf = ({ category, name }: { readonly category: string; readonly name: string }) => `${category}/${name}`;

/** Thrown where results cannot be written, or gone on with. */
export class FolderError extends Error {
  override readonly name = "FolderError";
}

/**
 *     results/2026-01-31T12-00-00-1a2b3c4/
 *         run.json, config.yaml, plan.json          what was asked for, and how far it came
 *         owner.json                                which process measures it, while it does
 *         report.html, claims.html, summary.md      what came of it
 *         performance/throughput/
 *             config.yaml, environment.json         what this one was measured with, and where
 *             samples.jsonl                         a line a sample, as it came
 *             summary.json                          computed from the samples
 *             *.hgrm                                percentiles of latencies, for HdrHistogram's plotter
 *             plots/*.svg, plots/*.png
 */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** A new one below `root`, which is made where it is missing. Throws FolderError where that cannot be. */
  static create(root: string, { time, commit }: Environment): RunFolder {
    return new RunFolder(guarded(root, () => freshFolder(root, `${time.slice(0, 19).replaceAll(":", "-")}-${commit}`)));
  }

  /** One that may be there. */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  /** The newest one below `root` that says that it is partial. Throws FolderError where there is none. */
  static newestPartial(root: string): RunFolder {
    const names = existsSync(root) ? guarded(root, () => readdirSync(root).sort().reverse()) : [];
    const partial = names.map((name) => new RunFolder(join(root, name))).find((folder) => folder.manifest()?.isPartial === true);
    if (partial === undefined) throw new FolderError(`Cannot continue as a run below ${root} must be partial: none is`);
    return partial;
  }

  /** Undefined where there is none, or none that can be read. */
  manifest(): RunManifest | undefined {
    return this.readJson("run.json") as RunManifest | undefined; // as: only the program writes it
  }

  /** Undefined where there is none, or none that can be read. */
  readJson(name: string): unknown {
    try {
      return JSON.parse(this.read(name));
    } catch {
      return undefined;
    }
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  write(name: string, content: string | Uint8Array): void {
    guarded(this.path, () => {
      const file = join(this.path, name);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, content);
    });
  }

  writeJson(name: string, value: unknown): void {
    this.write(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  append(name: string, sample: Sample): void {
    guarded(this.path, () => appendFileSync(join(this.path, name), `${JSON.stringify(sample)}\n`));
  }

  /** Removes a last line that was cut off, so that the next sample begins a line of its own. */
  removeCutOffSample(name: string): void {
    const file = join(this.path, name);
    if (!existsSync(file)) return;
    const wholeBytes = readFileSync(file).lastIndexOf("\n") + 1;
    guarded(this.path, () => truncateSync(file, wholeBytes));
  }

  /** Those that were measured before; a last line that was cut off does not count. Throws FolderError where another line is no sample. */
  samples(name: string): Sample[] {
    const file = join(this.path, name);
    if (!existsSync(file)) return [];
    const whole = readFileSync(file, "utf8").split("\n").slice(0, -1);
    return whole.map((line, at) => {
      try {
        return JSON.parse(line) as Sample; // as: only the program writes them
      } catch (error) {
        throw new FolderError(`Cannot read ${file} as each line must be a sample: found none in line ${at + 1}`, { cause: error });
      }
    });
  }
}

/** Throws FolderError for what the file system refuses. */
export function guarded<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // as: whatever is thrown, its code is undefined or text
    if (code === undefined) throw error;
    throw new FolderError(
      `Cannot keep results in ${folder} as it must take what is written: ${reasons[code] ?? (error as Error).message}`,
      { cause: error },
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EACCES: "it may not be written",
  EROFS: "its file system may only be read",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "a part of its path is a file",
};
