import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ConfigError, parseConfig, readConfig } from "./config.js";

const file = fileURLToPath(new URL("../../configs/experiment_config.yaml", import.meta.url));
const text = readFileSync(file, "utf8");

/** What is said of the shipped configuration after one change. */
function complaint(from: string, to: string): string {
  expect(text).toContain(from);
  try {
    parseConfig(text.replace(from, to), "c.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;

test("the shipped configuration is valid and says what it should", () => {
  const { performance } = readConfig(file);
  expect(performance.throughput).toMatchObject({ num_workflows: 100, workflow_sizes: [10, 50, 100, 500] });
});

test.each([
  [
    "workflow_sizes: [10, 50",
    "workflow_sizes: [10, many",
    "performance.throughput.workflow_sizes[1]: Invalid input: expected number",
    "workflow_sizes:",
  ],
  ["num_workflows: 100", "num_workflows: 0", "performance.throughput.num_workflows: Too small", "num_workflows:"],
  ["num_workflows: 100", "num_workflow: 100", "performance.throughput.num_workflow: Unknown key", "num_workflows:"],
  ["load: 0.5", "load: 1.5", "performance.latency.load: Too big", "load:"],
  ["shape: fan", "shape: ring", "performance.latency.shape: Invalid option", "shape: fan"],
  ["quick: { rounds: 1,", "quick: { rounds: 1.5,", "performance.pace.quick.rounds: Invalid input", "quick: {"],
])("%s → %s is refused with its line", (from, to, message, at) => {
  expect(complaint(from, to)).toContain(`: ${message}`);
  expect(complaint(from, to)).toContain(`c.yaml:${lineOf(at)}:`);
});

test("a missing key is reported where it should stand", () => {
  expect(complaint("seed: 1", "")).toMatch(/^c\.yaml:3:1: performance\.seed: Invalid input: expected number, received undefined$/m);
});

test("all mistakes are reported at once, each on its line", () => {
  expect(complaint("[10, 50, 100, 500]", "[0, 50, x, 500]").split("\n")).toHaveLength(2);
});

test.each([
  ["text that is no YAML", "a: [1", /^c\.yaml:1:\d+: /],
  ["the same key twice", "performance: 1\nperformance: 2", /^c\.yaml:2:1: Map keys must be unique/],
  ["nothing", "", /^c\.yaml:1:1: the file: Invalid input: expected object/],
  ["a tag that nobody knows", "performance: !x 1", /^c\.yaml:1:14: Unresolved tag/],
])("%s is refused", (_, yaml, message) => expect(() => parseConfig(yaml, "c.yaml")).toThrow(message));

test("a file that does not exist is refused", () => {
  expect(() => readConfig("nowhere.yaml")).toThrow("Cannot read the configuration as the file must exist and be readable: nowhere.yaml");
});
