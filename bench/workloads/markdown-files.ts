import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every Markdown file of the installed dependencies, sorted, so that every contender counts the same files in the same order. */
export function markdownFiles(packageRoot: string): string[] {
  return readdirSync(join(packageRoot, "node_modules"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
