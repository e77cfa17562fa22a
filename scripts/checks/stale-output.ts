import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { filesBelow } from "./source-files.js";

/** Where the build joins files, below `dist/`. As deep as the files that it takes the place of: those who look for a file beside theirs find it. */
export const chunksFolder = "runtime/chunks";

/** Files of `dist/` whose source is gone, as paths from `root`. The compiler never deletes; what it leaves could still be imported. */
export function staleOutput(root: string): string[] {
  const output = filesBelow(join(root, "dist")).map((file) => relative(root, file).split(sep).join("/"));
  return output.filter((path) => !path.startsWith(`dist/${chunksFolder}/`) && !existsSync(join(root, sourceOf(path))));
}

function sourceOf(output: string): string {
  return output.replace(/^dist\//, "").replace(/\.(d\.)?([cm]?)[jt]s(\.map)?$/, ".$2ts");
}
