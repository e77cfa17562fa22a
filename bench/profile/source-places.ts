import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallFrame } from "./cpu-profile.js";

/** Says where functions stand in the sources, `actors/kernel/value.ts:91`: a profile names the compiled files. */
export class SourcePlaces {
  readonly #packageRoot: string;
  /** By address of the compiled file; undefined: it has none. */
  readonly #maps = new Map<string, SourceMap | undefined>();

  constructor(packageRoot: string) {
    this.#packageRoot = packageRoot;
  }

  /** Empty for what stands in no file. */
  placeOf({ url, lineNumber, columnNumber }: CallFrame): string {
    if (!url.startsWith("file:")) return url;
    const entry = this.#mapOf(url)?.findEntry(lineNumber, columnNumber);
    const isMapped = entry !== undefined && "originalSource" in entry;
    const address = isMapped ? new URL(entry.originalSource, url) : new URL(url);
    return `${relative(this.#packageRoot, fileURLToPath(address))}:${(isMapped ? entry.originalLine : lineNumber) + 1}`;
  }

  #mapOf(url: string): SourceMap | undefined {
    if (this.#maps.has(url)) return this.#maps.get(url);
    const path = `${fileURLToPath(url)}.map`;
    const map = existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, "utf8"))) : undefined;
    this.#maps.set(url, map);
    return map;
  }
}
