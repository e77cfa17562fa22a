import { expect, test } from "vitest";
import { metricText, metricTitle } from "./metric-text.js";

test.each([
  ["tasksPerSecond", "tasks per second"],
  ["makespanMs", "makespan"],
  ["residentBytes", "resident"],
  ["efficiencyAt1000", "efficiency at 1000"],
  ["p99Us", "p99"],
])("%s is called %s", (name, title) => {
  expect(metricTitle(name)).toBe(title);
});

test.each([
  ["tasksPerSecond", 88_000, "88.0 k [79.2 k, 96.8 k]"],
  ["makespanMs", 1.2, "1.20 ms [1.08 ms, 1.32 ms]"],
  ["residentBytes", 8.1e7, "81.0 MB [72.9 MB, 89.1 MB]"],
  ["speedup", 1.5, "1.50 [1.35, 1.65]"],
  ["events", 250_000, "250 k [225 k, 275 k]"],
])("%s of %d is written in its unit", (name, median, text) => {
  expect(metricText(name, { median, low: median * 0.9, high: median * 1.1 })).toBe(text);
});

test("what was not measured says so", () => {
  expect(metricText("makespanMs", undefined)).toBe("–");
  expect(metricText("makespanMs", { median: Number.NaN, low: Number.NaN, high: Number.NaN })).toBe("not measured");
});
