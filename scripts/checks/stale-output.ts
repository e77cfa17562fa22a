import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { filesBelow } from "./source-files.js";

/** Files of `dist/` whose source is gone, as paths from `root`. The compiler never deletes; what it leaves could still be imported. */
export function staleOutput(root: string): string[] {
  const output = filesBelow(join(root, "dist")).map((file) => relative(root, file).split(sep).join("/"));
  return output.filter((path) => !existsSync(join(root, sourceOf(path))));
}

function sourceOf(output: string): string {
  return output.replace(/^dist\//, "").replace(/\.(d\.)?([cm]?)[jt]s(\.map)?$/, ".$2ts");
}
