import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Top-level folders of sources, each allowed to import the ones after it and never the ones before it. */
export const folders = ["scripts", "bench", "runtime", "actors", "schedulers"] as const;

/** Files that only tests use: tests, suites and value generators that tests share, and programs that they feed to the code under test. */
export const testFile = /\.(test|conformance|fixture|arbitrary)\.ts$|\/(fixtures|programs)\//;

/** Every TypeScript source below `root`, as paths from it, in a stable order. */
export function sourceFiles(root: string): string[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)).map((file) => relative(root, file).split(sep).join("/")))
    .filter(isSource);
}

/** Every file below `folder`; none where the folder does not exist. */
export function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isSource(path: string): boolean {
  return /\.[cm]?ts$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}
