import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [`${root}dist/scripts/profile.js`, ...args], { cwd: root, encoding: "utf8" });

describe("npm run profile", () => {
  test.each([
    [["chain-1", "fan-2"], "as one workload must be given: chain-1 fan-2"],
    [["ring-3"], "its name must be chain | fan | fan-in | diamond | stencil | fft | layered, a hyphen and a size: ring-3"],
    [["--threads", "0"], "--threads must be a whole number of at least 1: 0"],
    [["--handlers", "both"], "--handlers must be sync or async: both"],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("%s is bad usage: exit code 2 with help", (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: npm run profile");
  });

  test("shows every thread with functions and where they stand, and keeps a profile of each", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run("stencil-23", "--threads", "2", "--handlers", "async", "--quick");
    expect([status, stderr]).toEqual([0, ""]);
    const titles = stdout.split("\n").filter((line) => /^\S.*thread/.test(line));
    expect(titles.slice(0, 3)).toEqual(["main thread: submits, controls, checks answers", "worker (thread 1)", "worker (thread 2)"]);
    expect(stdout).toMatch(/ (actors|runtime)\/[\w/-]+\.ts:\d+$/m);
    const folder = `${root}${/All profiles: (.*)/.exec(stdout)?.[1]}`;
    expect(readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"))).toHaveLength(3);
    rmSync(dirname(folder), { recursive: true });
  });
});
