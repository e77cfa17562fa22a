import { expect, test } from "vitest";
import { readArguments } from "./arguments.js";
import { argumentsOf, commandOf, commandOfOne } from "./command.js";

const asked = (...args: readonly string[]) => readArguments(args, "");

test.each([
  [[], "npm run experiments"],
  [["--quick"], "npm run experiments -- --profile quick"],
  [["--profile", "full", "--seed", "7"], "npm run experiments -- --seed 7"],
  [["-e", "performance", "-e", "comparison"], "npm run experiments -- -e performance -e comparison"],
  [
    ["--repeat", "10", "-c", "my config's.yaml", "--only", "latency", "-o", "elsewhere"],
    `npm run experiments -- --only latency --repeat 10 -c 'my config'\\''s.yaml'`,
  ],
])("%j is repeated by what it asked for", (args, command) => {
  expect(commandOf(asked(...args))).toBe(command);
  const again = asked(...argumentsOf(asked(...args)));
  expect(commandOf(again)).toBe(command);
});

test("one experiment of a run is repeated as it was measured then", () => {
  expect(commandOfOne(asked("--quick", "-e", "performance", "--repeat", "3", "--seed", "7"), "latency")).toBe(
    "npm run experiments -- --only latency --profile quick --repeat 3 --seed 7",
  );
  expect(commandOfOne(asked(), "latency")).toBe("npm run experiments -- --only latency");
});
