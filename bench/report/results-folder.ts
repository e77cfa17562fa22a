import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../harness/environment.js";

/**
 *     results/2026-01-31T12-00-00-1a2b3c4/performance/
 *         environment.json    where the numbers come from
 *         config.yaml         what was asked for, as it was
 *         throughput/samples.jsonl    one line a sample, as the processes printed them
 *         throughput/summary.json     computed from the samples
 *     results/2026-01-31T12-00-00-1a2b3c4-2/    of another process that began in the same second
 */
export class ResultsFolder {
  readonly path: string;

  constructor({ root, category, environment }: { root: string; category: string; environment: Environment }) {
    this.path = join(freshFolder(root, `${environment.time.slice(0, 19).replaceAll(":", "-")}-${environment.commit}`), category);
    mkdirSync(this.path);
    writeFileSync(join(this.path, "environment.json"), `${JSON.stringify(environment, null, 2)}\n`);
  }

  /** Keeps a file that decided what was measured, as it is. */
  keep(file: string, name: string): void {
    copyFileSync(file, join(this.path, name));
  }

  save(part: string, { samples, summary }: { samples: readonly unknown[]; summary: unknown }): void {
    const folder = join(this.path, part);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "samples.jsonl"), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""));
    writeFileSync(join(folder, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  }
}

/** Makes a folder that nobody else has: two processes may begin in one second. */
export function freshFolder(root: string, name: string): string {
  mkdirSync(root, { recursive: true });
  for (let number = 1; ; number++) {
    const path = join(root, number === 1 ? name : `${name}-${number}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
