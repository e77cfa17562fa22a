import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "./arguments.js";
import { comparisonText } from "./comparison-text.js";
import { RunFolder } from "./run-folder.js";

const root = mkdtempSync(join(tmpdir(), "dataflower-compare-"));
afterAll(() => rmSync(root, { recursive: true }));

interface Given {
  readonly seed?: number;
  readonly answer: string;
  readonly rates: readonly number[];
}

/** A run of one experiment with one variant, a sample for each rate. */
function runWith(name: string, { seed = 1, answer, rates }: Given): string {
  const folder = RunFolder.at(join(root, name));
  mkdirSync(folder.path);
  folder.writeJson("run.json", { seed, experiments: [{ category: "performance", name: "some" }] });
  const metrics = { runsPerSecond: { values: rates }, simulatedMs: { values: rates.map(() => 7) }, lost: { values: [0, rates[0]!] } };
  folder.writeJson("performance/some/summary.json", { category: "performance", experiment: "some", variants: [{ key: "ours", metrics }] });
  for (const round of rates.keys())
    folder.append("performance/some/samples.jsonl", { variant: "ours", round, stealShare: 0, repeats: 0, facts: { answer } });
  return folder.path;
}

const before = runWith("before", { answer: "a", rates: [100, 101, 99] });

test("facts are counted and, where they differ, named; metrics that differ are listed with the width of all intervals", () => {
  const text = comparisonText(before, runWith("slower", { answer: "b", rates: [50, 51, 49] }));
  expect(text).toContain("Facts of 3 samples of both runs: 0 equal byte for byte.\n  performance/some: ours, round 1\n");
  expect(text).toContain("3 metrics of both runs: 1 measured, 1 with the same values in both,\n1 without an interval");
  expect(text).toContain(
    "Of 0.0 % of those measured the ratio B ÷ A has 1 in its 95 % interval; half of these reach no further than a factor of 1.0",
  );
  expect(text).toMatch(/some +ours +runsPerSecond +0\.500 \[0\.4\d+, 0\.5\d+\] +3, 3/);
});

test("runs that agree have nothing to list; of different seeds that is said", () => {
  const text = comparisonText(before, runWith("alike", { seed: 2, answer: "a", rates: [101, 100, 99] }));
  expect(text).toContain("Facts of 3 samples of both runs: 3 equal byte for byte, of different seeds.");
  expect(text).toContain("Of 100.0 % of those measured");
  expect(text).not.toContain("The others:");
});

test("a folder that is no run is refused", () => expect(() => comparisonText(before, root)).toThrow(UsageError));
