import { expect, test } from "vitest";
import { readArguments, UsageError } from "./arguments.js";

const read = (...args: readonly string[]) => readArguments(args, "");
/** What package.json has `npm start` put before everything else. */
const started = (...args: readonly string[]) => read("--profile", "quick", ...args);

test.each([
  [["--repeat", "1001"], "--repeat must be a whole number from 1 to 1000: found 1001"],
  [["--seed", "4294967296"], "--seed must be a whole number from 0 to 4294967295: found 4294967296"],
  [["--quick", "--profile", "full"], "--quick and --profile must name the same profile: found full"],
  [["--continue", "--only", "latency"], "--continue goes with nothing but --output, --profile, --quick: found --only"],
  [["-e", "performance", "--continue"], "--continue goes with nothing but --output, --profile, --quick: found --experiment"],
  [["--continue", "--seed", "1"], "found --seed"],
  [["--continue", "--repeat", "1"], "found --repeat"],
  [["--continue", "-c", "c.yaml"], "found --config"],
  [["--compare", "a", "b", "--seed", "1"], "--compare goes with no other option: found --seed"],
  [["--compare", "a", "b", "-o", "c"], "found --output"],
  [["--compare", "a", "b", "--continue"], "found --continue"],
  [["--compare", "a", "b", "--profile", "full"], "found --profile"],
  [["--list", "--repeat", "2"], "--list goes with nothing but --experiment, --only: found --repeat"],
])("%j is bad usage", (args, message) => {
  expect(() => read(...args)).toThrow(UsageError);
  expect(() => read(...args)).toThrow(message);
});

test("what contradicts after npm start contradicts as well", () => {
  expect(() => started("--quick", "--profile", "full")).toThrow("must name the same profile");
  expect(() => started("--compare", "a", "b", "--profile", "quick")).toThrow("found --profile");
});

test("npm start measures the quick profile, unless another one is asked for", () => {
  expect(started().profile).toBe("quick");
  expect(started("--quick").profile).toBe("quick");
  expect(started("--profile", "full").profile).toBe("full");
  expect(read("--quick").profile).toBe("quick");
  expect(read().profile).toBe(undefined);
});

test("npm start compares, continues and lists as well", () => {
  expect(started("--compare", "a", "b").compared).toEqual(["a", "b"]);
  expect(started("--continue", "-o", "elsewhere")).toMatchObject({ isContinued: true, output: "elsewhere", profile: "quick" });
  expect(started("--list", "--only", "latency")).toMatchObject({ isList: true, only: ["latency"] });
});

test("--repeat and --seed are taken up to their limits", () => {
  expect(read("--repeat", "1000", "--seed", "4294967295")).toMatchObject({ repeat: 1_000, seed: 4_294_967_295 });
});
