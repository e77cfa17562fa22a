import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep, win32 } from "node:path";
import { pathToFileURL } from "node:url";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { found } from "../found.js";

/** `data:`, `http:`, `file:`, `node:`; and the drives of Windows. */
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/**
 * The module that a file names by a path from its own folder. The path is names of files and nothing else: `%2e` is no dot, `?` and `#`
 * begin nothing. Links are followed, and where they end is what counts and what is loaded.
 *
 * @param root the real path of the file's folder
 * @returns a `file:` URL
 * @throws DF_MODULE_OUTSIDE if it lies elsewhere than in the folder or below it; DF_MODULE_NOT_FOUND
 */
export function moduleInside(root: string, module: string): string {
  const path = resolve(root, module);
  if (scheme.test(module) || isAbsolute(module) || win32.isAbsolute(module) || !isInside(root, path)) refuse(module, found(module));
  const real = realPathOf(path, module);
  if (!isInside(root, real)) refuse(module, "a link that leads out of it");
  return pathToFileURL(real).href;
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPathOf(path: string, module: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // nothing, a loop of links, a NUL in the path: the system says what
    throw new DataFlowerError("DF_MODULE_NOT_FOUND", `Cannot load ${found(module)} as a module must be a file: found ${code}`, { cause });
  }
}

function refuse(module: string, what: string): never {
  throw new DataFlowerError(
    "DF_MODULE_OUTSIDE",
    `Cannot load ${found(module)} as a file's modules lie in its own folder or below it, and are named by their relative paths: found ${what}`,
  );
}
