import { readFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { namedTests } from "./guarantees.js";

/**
 * Fails a test run in which a test that the README names for one of its guarantees was not among those that passed. Files that were not
 * asked for are not missed.
 */
export default class GuaranteeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const missing = namedTests(readFileSync("README.md", "utf8")).filter(({ file, title }) => {
      const module = modules.find(({ relativeModuleId }) => relativeModuleId === file);
      if (module === undefined) return false;
      return ![...module.children.allTests("passed")].some(({ fullName }) => fullName.includes(title));
    });
    for (const { file, title } of missing) console.error(`README.md: a guarantee names "${title}" of ${file}, which has not passed`);
    if (missing.length > 0) process.exitCode = 1;
  }
}
