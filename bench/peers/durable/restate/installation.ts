import { existsSync } from "node:fs";
import { join } from "node:path";

/** What of Restate lies in a folder: it is no dependency of this project, as it is large, and its SDK wants a newer Node. */
export interface RestateInstallation {
  /** The program that is the server. */
  readonly server: string;
  /** A Node that is new enough for the SDK. */
  readonly node: string;
  /** Entry of the SDK. */
  readonly sdk: string;
}

const PLATFORM = `${process.platform}-${process.arch}`;
const PACKAGES = [`@restatedev/restate-server-${PLATFORM}`, "@restatedev/restate-sdk", `node-${PLATFORM}`];

/** How to install it; `--ignore-scripts`, as the packages hold what they need. */
export function howToInstall(folder: string): string {
  return `npm install --ignore-scripts --prefix ${folder} ${PACKAGES.join(" ")}`;
}

/** @returns undefined where anything of it is missing */
export function findRestate(folder: string): RestateInstallation | undefined {
  const [server, sdk, node] = [
    [PACKAGES[0]!, "bin", "restate-server"],
    [PACKAGES[1]!, "dist", "index.js"],
    [PACKAGES[2]!, "bin", "node"],
  ].map((path) => join(folder, "node_modules", ...path)) as [string, string, string]; // as: three in, three out
  return [server, sdk, node].every((file) => existsSync(file)) ? { server, sdk, node } : undefined;
}
