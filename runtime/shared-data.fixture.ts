import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Third-party data beside the project, which its licences keep out of it. */
export const sharedData: string = fileURLToPath(new URL("../../shared/data/", import.meta.url));

export const hasSharedData: boolean = existsSync(sharedData);

/** @param what the tests that are skipped where the data is missing */
export function warnWithoutSharedData(what: string): void {
  if (!hasSharedData) console.warn(`SKIPPED ${what}: there is no third-party data in ../shared/data`);
}
