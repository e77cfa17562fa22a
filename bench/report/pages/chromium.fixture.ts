import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Its path; undefined where there is none. */
export const chromiumPath = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find(isExecutable);

if (chromiumPath === undefined) console.warn("SKIPPED pages in a browser: chromium is not installed (apt-get install chromium)");

/** Without it, what needs a browser is skipped, except in CI, where it fails. */
export const isSkipped = chromiumPath === undefined && process.env.CI !== "true";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function openChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("Cannot look at pages as chromium must be installed: there is none on the PATH");
  return await chromium.launch({ executablePath: chromiumPath, args: [...FLAGS, ...QUIET] });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
