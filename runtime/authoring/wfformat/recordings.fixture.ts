/** Recorded executions, and the reference that lies beside them. */

import { readdirSync, readFileSync } from "node:fs";
import { hasSharedData, sharedData } from "../../shared-data.fixture.js";

/** @param path from the folder of the data; without the data an empty text, for tests that are listed but skipped */
export const readShared = (path: string): string => (hasSharedData ? readFileSync(sharedData + path, "utf8") : "");

/** Names of the files of a folder that end so; none without the data. */
export const listShared = (path: string, ending: string): string[] =>
  hasSharedData
    ? readdirSync(sharedData + path)
        .filter((name) => name.endsWith(ending))
        .sort()
    : [];

/** A row of the reference table. Times in ms. */
export interface Reference {
  readonly file: string;
  readonly tasks: number;
  readonly edges: number;
  readonly workMs: number;
  readonly criticalPathMs: number;
  readonly digest: string;
}

export const references: readonly Reference[] = readShared("wfinstances/reference.csv")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [file = "", tasks, edges, work, path, digest = ""] = line.split(",");
    return { file, tasks: Number(tasks), edges: Number(edges), workMs: Number(work) * 1000, criticalPathMs: Number(path) * 1000, digest };
  });

export const readInstance = (file: string): string => readShared(`wfinstances/${file}`);
