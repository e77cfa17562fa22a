import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, parseConfig, readConfig } from "./config.js";
import { share } from "./config-values.js";
import type { AnyExperiment } from "./experiment.js";
import throughput from "./performance/throughput.js";

/** Another one, of which only the configuration matters. */
const other = { ...throughput, name: "other", category: "comparison", config: { load: share, of: z.array(z.int()) } } as AnyExperiment;
const experiments = [throughput, other];

const file = fileURLToPath(new URL("../../configs/experiment_config.yaml", import.meta.url));
const shipped = readFileSync(file, "utf8");
/** The shipped entries of these experiments, and one of the other. */
const text = `${shipped.slice(0, shipped.indexOf("performance:"))}performance:
  throughput:
    num_workflows: 100
    workflow_sizes: [10, 50, 100, 500]
    shapes: [chain, fan, stencil]
    quick: { workflow_sizes: [10, 100], rounds: 2 }
comparison:
  other: { rounds: 3, load: 0.5, of: [] }
`;

/** What is said of the shipped configuration after one change. */
function complaint(from: string, to: string): string {
  expect(text).toContain(from);
  try {
    parseConfig(text.replace(from, to), "c.yaml", experiments);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;

test("an entry is read with what the quick profile changes, and with rounds of its own or of the profile", () => {
  const config = parseConfig(text, "c.yaml", experiments);
  expect(config.entryOf(throughput, "full")).toEqual({
    rounds: config.profiles.full.rounds,
    own: { num_workflows: 100, workflow_sizes: [10, 50, 100, 500], shapes: ["chain", "fan", "stencil"] },
  });
  expect(config.entryOf(throughput, "quick")).toEqual({
    rounds: 2,
    own: { num_workflows: 100, workflow_sizes: [10, 100], shapes: ["chain", "fan", "stencil"] },
  });
  expect(config.entryOf(other, "quick")).toEqual({ rounds: 3, own: { load: 0.5, of: [] } });
});

test("an experiment without an entry is not measured", () => {
  const config = parseConfig(text.slice(0, text.indexOf("comparison:")), "c.yaml", experiments);
  expect(config.entryOf(other, "full")).toBe(undefined);
});

test.each([
  [
    "workflow_sizes: [10, 50",
    "workflow_sizes: [10, many",
    "performance.throughput.workflow_sizes[1]: Invalid input: expected number",
    "workflow_sizes:",
  ],
  ["50, 100, 500]", "50, 10, 500]", "performance.throughput.workflow_sizes[2]: Found twice: 10, as [0]", "workflow_sizes:"],
  ["[10, 100], rounds", "[10, 10], rounds", "performance.throughput.quick.workflow_sizes[1]: Found twice: 10, as [0]", "    quick:"],
  ["num_workflows: 100", "num_workflows: 0", "performance.throughput.num_workflows: Too small", "num_workflows:"],
  ["num_workflows: 100", "num_workflow: 100", "performance.throughput.num_workflow: Unknown key", "num_workflows:"],
  ["load: 0.5", "load: 1.5", "comparison.other.load: Too big", "other:"],
  ["shapes: [chain,", "shapes: [ring,", "performance.throughput.shapes[0]: Invalid option", "shapes:"],
  ["[10, 100], rounds", "[0], rounds", "performance.throughput.quick.workflow_sizes[0]: Too small", "    quick:"],
  ["quick: { rounds: 1,", "quick: { rounds: 1.5,", "profiles.quick.rounds: Invalid input", "quick: { rounds: 1,"],
  ["  other:", "  another:", "comparison.another: Unknown key", "  other:"],
  ["comparison:", "comparisons:", "comparisons: Unknown key", "comparison:"],
])("%s → %s is refused with its line", (from, to, message, at) => {
  expect(complaint(from, to)).toContain(`: ${message}`);
  expect(complaint(from, to)).toContain(`c.yaml:${lineOf(at)}:`);
});

test("a missing key is reported where it should stand", () => {
  expect(complaint("seed: 1", "")).toMatch(/^c\.yaml:\d+:1: seed: Invalid input: expected number, received undefined$/m);
});

test("all mistakes are reported at once, each on its line", () => {
  expect(complaint("[10, 50, 100, 500]", "[0, 50, x, 500]").split("\n")).toHaveLength(2);
});

test.each([
  ["text that is no YAML", "a: [1", /^c\.yaml:1:\d+: /],
  ["the same key twice", "performance: 1\nperformance: 2", /^c\.yaml:2:1: Map keys must be unique/],
  ["nothing", "", /^c\.yaml:1:1: the file: Invalid input: expected object/],
  ["an alias of nothing", "performance: 1\nseed: *nope", /^c\.yaml:2:7: Unresolved alias.*nope/],
  ["an alias of too much", `a: &a [1]\nb: [${"*a, ".repeat(200)}]`, /^c\.yaml:1:1: Excessive alias count/],
  ["a tag that nobody knows", "performance: !x 1", /^c\.yaml:1:14: Unresolved tag/],
])("%s is refused", (_, yaml, message) => {
  const parse = () => parseConfig(yaml, "c.yaml", experiments);
  expect(parse).toThrow(message);
  expect(parse).toThrow(ConfigError);
});

test("a file that does not exist is refused", () => {
  expect(() => readConfig("nowhere.yaml", experiments)).toThrow(
    "Cannot read the configuration as the file must exist and be readable: nowhere.yaml",
  );
});
