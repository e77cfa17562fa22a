import { expect, test } from "vitest";
import { nodeArguments } from "./node-arguments.js";

const mebibyte = 1024 * 1024;
const inherited = (...given: string[]) => nodeArguments(given, 512 * mebibyte).slice(0, -2);

test("a child is given what its parent finds modules with", () => {
  expect(inherited("--import", "tsx", "--conditions=development", "-r", "./setup.cjs", "--enable-source-maps")).toEqual([
    "--import",
    "tsx",
    "--conditions=development",
    "-r",
    "./setup.cjs",
    "--enable-source-maps",
  ]);
});

test("it is not given what its parent is debugged or measured by, nor what the parent executes", () => {
  expect(inherited("--inspect-brk=9229", "--cpu-prof", "--cpu-prof-interval=200", "--watch", "--test", "-i", "-c")).toEqual([]);
  expect(inherited("-e", "0", "--input-type=module", "--eval", "1", "-p", "2", "--no-warnings")).toEqual(["--no-warnings"]);
  expect(inherited("--max-old-space-size=9000", "--max-semi-space-size=64")).toEqual([]);
});

test.each([
  [16, 1, 12],
  [200, 12, 150],
  [512, 16, 384],
  [4096, 16, 3072],
])("the heap of a child that may take %d MiB is limited, young objects to %d MiB thrice and old ones to %d", (megabytes, young, old) => {
  expect(nodeArguments([], megabytes * mebibyte)).toEqual([`--max-semi-space-size=${young}`, `--max-old-space-size=${old}`]);
  expect(3 * young + old).toBeLessThanOrEqual(megabytes);
});
