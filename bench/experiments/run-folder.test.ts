import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { summariesOf } from "./keep-reports.js";
import { FolderError, RunFolder } from "./run-folder.js";
import type { Sample } from "./sample.js";

let root: string;
let folder: RunFolder;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dataflower-run-"));
  folder = RunFolder.at(join(root, "run"));
  mkdirSync(folder.path);
  file = join(folder.path, "samples.jsonl");
});
afterEach(() => rmSync(root, { recursive: true }));

const sample = (round: number): Sample => ({ variant: "a", round, stealShare: 0, repeats: 0, details: "ü" });

test("a sample that was cut off is removed before others follow it", () => {
  folder.append("samples.jsonl", sample(0));
  appendFileSync(file, '{"variant":"a","rou');
  expect(folder.samples("samples.jsonl")).toEqual([sample(0)]);
  folder.removeCutOffSample("samples.jsonl");
  folder.append("samples.jsonl", sample(1));
  expect(folder.samples("samples.jsonl")).toEqual([sample(0), sample(1)]);
});

test("nothing is removed of samples that are whole, nor where there are none", () => {
  folder.removeCutOffSample("samples.jsonl");
  folder.append("samples.jsonl", sample(0));
  const before = readFileSync(file, "utf8");
  folder.removeCutOffSample("samples.jsonl");
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("a line that is no sample is named", () => {
  writeFileSync(file, `${JSON.stringify(sample(0))}\n{"variant"\n`);
  expect(() => folder.samples("samples.jsonl")).toThrow(
    new FolderError(`Cannot read ${file} as each line must be a sample: found none in line 2`),
  );
});

test("no run is below a file", () => {
  writeFileSync(file, "");
  expect(() => RunFolder.newestPartial(file)).toThrow(FolderError);
  expect(() => RunFolder.newestPartial(file)).toThrow("a part of its path is a file");
});

test("a summary that cannot be read is left out, and the others are not", () => {
  const names = ["throughput", "latency", "word_count"];
  folder.writeJson("run.json", { experiments: names.map((name) => ({ category: "performance", name })) });
  folder.writeJson("performance/throughput/summary.json", { experiment: "throughput" });
  folder.write("performance/latency/summary.json", '{"experiment": "lat');
  expect(summariesOf(folder)).toEqual([{ experiment: "throughput" }]);
});
