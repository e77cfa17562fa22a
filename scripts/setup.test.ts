import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { plantedProject } from "./checks/planted.fixture.js";

const setup = fileURLToPath(new URL("../dist/scripts/setup.js", import.meta.url));

// Nothing else is on the PATH of these runs, apt-get neither: they can install nothing.
describe("npm run setup", () => {
  test("is content where every tool is somewhere on the PATH", () => {
    const { status, stdout } = setUp({
      CI: "true",
      PATH: [
        folderOf("spin"),
        folderOf("gcc", "redis-server", "openssl", "strace", "prometheus", "docker-compose", "jupyter-nbconvert", "chromium"),
      ].join(delimiter),
    });
    expect([status, stdout]).toEqual([0, "setup: every tool that the tests need is here\n"]);
  });

  test("names what is missing and how to install it, and does not fail a developer's run", () => {
    const { status, stderr } = setUp({ PATH: folderOf("spin") });
    expect(status).toBe(0);
    expect(stderr).toMatch(/gcc is missing, .*: apt-get install gcc libc6-dev\n/);
    expect(stderr).not.toMatch(/spin is missing/);
  });

  test("fails in CI where a tool is missing and cannot be installed", () => {
    expect(setUp({ CI: "true", PATH: folderOf("spin") }).status).toBe(1);
  });

  test("takes no file for a program that cannot be executed", () => {
    const folder = folderOf("spin", "gcc");
    chmodSync(join(folder, "gcc"), 0o644);
    expect(setUp({ PATH: folder }).stderr).toMatch(/gcc is missing/);
  });
});

function folderOf(...programs: string[]): string {
  const folder = plantedProject(Object.fromEntries(programs.map((program) => [program, ""])));
  for (const program of programs) chmodSync(join(folder, program), 0o755);
  return folder;
}

function setUp(env: Record<string, string>): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [setup], { env, encoding: "utf8" });
}
