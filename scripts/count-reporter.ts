import type { Reporter, TestModule, Vitest } from "vitest/node";

/**
 * Ends the output of a test run with one plain line that programs can read: `12 passed, 0 failed, 1 skipped`.
 *
 * A file that cannot be loaded and an error that no test caught count as failed: they have run no test, and the run has failed.
 */
export default class CountReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      count.failed += module.errors().length + [...module.children.allSuites()].reduce((sum, suite) => sum + suite.errors().length, 0);
    }
    // Other reporters print their summaries in the same turn; the count comes after them.
    this.#vitest?.onClose(() => console.log(`${count.passed} passed, ${count.failed + count.pending} failed, ${count.skipped} skipped`));
  }
}
