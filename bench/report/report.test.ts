import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { Progress } from "./progress.js";
import { count, microseconds, milliseconds, rate, rateWithInterval, ratioWithInterval } from "./quantities.js";
import { ResultsFolder } from "./results-folder.js";
import { table } from "./table.js";

test("a table stands in columns", () => {
  const columns = [
    { title: "who", align: "left" },
    { title: "n", align: "right" },
    { title: "note", align: "left" },
  ] as const;
  expect(
    table(columns, [
      ["a", "1", "yes"],
      ["longer", "1000", ""],
    ]),
  ).toBe("who        n  note\n──────  ────  ────\na          1  yes\nlonger  1000");
});

test("quantities have three digits and a unit that suits them", () => {
  expect([rate(4_123_456), rate(73_456), rate(812.4), rate(1.234)]).toEqual(["4.12 M", "73.5 k", "812", "1.23"]);
  expect([rate(999_999), rate(99_990)]).toEqual(["1000 k", "100 k"]);
  expect([microseconds(0.5), microseconds(89.66), microseconds(1234), milliseconds(52_000)]).toEqual([
    "0.500 µs",
    "89.7 µs",
    "1.23 ms",
    "52.0 s",
  ]);
  expect(microseconds(undefined)).toBe("-");
  expect(count(197_399)).toBe("197,399");
  const estimate = { median: 0.46, low: 0.431, high: 1234 };
  expect([ratioWithInterval(estimate), rateWithInterval(estimate)]).toEqual(["0.460 [0.431, 1234]", "0.460 [0.431, 1.23 k]"]);
});

test("progress is plain lines where there is no terminal, at most one a tenth", () => {
  const stream = new PassThrough();
  const progress = new Progress("job", stream as unknown as NodeJS.WriteStream); // as: only write and isTTY are used
  for (let done = 0; done < 200; done++) progress.update(done, 200, "x");
  progress.end();
  const lines = String(stream.read()).trimEnd().split("\n");
  expect(lines).toHaveLength(10);
  expect(lines[1]).toBe("job: 21 of 200");
});

test("a results folder holds where, what and how it came about", () => {
  const root = mkdtempSync(join(tmpdir(), "results-"));
  try {
    const environment = { time: "2026-01-31T12:34:56.789Z", commit: "nogit" } as never; // only these two name the folder
    const folder = new ResultsFolder({ root, category: "performance", environment });
    expect(folder.path).toBe(join(root, "2026-01-31T12-34-56-nogit", "performance"));
    folder.save("latency", { samples: [{ a: 1 }, { a: 2 }], summary: { median: 1.5 } });
    expect(readFileSync(join(folder.path, "latency", "samples.jsonl"), "utf8")).toBe('{"a":1}\n{"a":2}\n');
    expect(JSON.parse(readFileSync(join(folder.path, "latency", "summary.json"), "utf8"))).toEqual({ median: 1.5 });
    expect(existsSync(join(folder.path, "environment.json"))).toBe(true);
    const ofSameSecond = [1, 2].map(() => new ResultsFolder({ root, category: "performance", environment }).path);
    expect(ofSameSecond).toEqual([2, 3].map((number) => join(root, `2026-01-31T12-34-56-nogit-${number}`, "performance")));
  } finally {
    rmSync(root, { recursive: true });
  }
});
