/** The compiled harness: processes of their own run compiled code, as when anything is measured. */
import { fileURLToPath } from "node:url";

type Harness = typeof import("./fresh-process.js");

const dist = new URL("../../dist/bench/", import.meta.url);
const harness: Harness = await import(fileURLToPath(new URL("harness/fresh-process.js", dist)));

/** @param module its path below bench/ */
export function callCompiled(module: string, name: string, argument: object): Promise<unknown> {
  return harness.callInFreshProcess(new URL(module, dist), name, argument);
}

export const { callInFreshProcess, measureInFreshProcess } = harness;
