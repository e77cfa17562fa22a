import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const program = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
const run = (path: string, ...args: string[]) => spawnSync(process.execPath, [program(path), ...args], { encoding: "utf8" });

describe("npm run goals", () => {
  test.each([
    [["nonsense"], "the area must be one of throughput, failure, simulator, speed, durable, schedulers, actors: nonsense"],
    [["constructor"], "the area must be one of"],
    [["throughput", "--rounds", "0"], "--rounds must be a whole number of at least 1: 0"],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("%s is bad usage: exit code 2 with help", (args, message) => {
    const { status, stdout, stderr } = run("scripts/goals.js", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: npm run goals");
  });
});

describe("npm start", () => {
  test.each([[["--nonsense"]], [["extra"]], [["--config"]]])("%s is bad usage: exit code 2 with help", (args) => {
    const { status, stdout, stderr } = run("bench/experiments/main.js", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: npm run experiments -- [options]        (npm start: the quick profile)");
  });

  test("a configuration that does not exist is a mistake of the user", () => {
    const { status, stdout, stderr } = run("bench/experiments/main.js", "--config", "nowhere.yaml");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe("Cannot read the configuration as the file must exist and be readable: nowhere.yaml\n");
  });
});
