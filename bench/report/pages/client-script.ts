import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Beside this file where that is compiled; below `dist` where it is not. */
const PLACES = ["./client.js", "../../../dist/bench/report/pages/client.js"].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** What pages execute, as the build has joined it: as it may stand in a script element. */
export function clientScript(): string {
  const file = PLACES.find((path) => existsSync(path));
  if (file === undefined) throw new Error("Cannot make a page as its script must be built: there is none; run `npm run build`");
  // In code, these stand in texts and patterns only, where an escape means the same.
  return readFileSync(file, "utf8").replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
}
