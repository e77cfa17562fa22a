import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "dataflower readme "));

/** The code block behind `<!-- example:NAME -->`. */
function example(name: string): string {
  const found = new RegExp(`<!-- example:${name.replace(".", "\\.")} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (found?.[1] === undefined) throw new Error(`the README has no example ${name}`);
  return found[1];
}

/** What a command line of the README prints on standard output. */
function printedBy(command: string): string {
  const cli = join(root, "dist", "runtime", "cli", "main.js");
  const line = command.replace(/^dataflower/, `"${process.execPath}" "${cli}"`);
  return execFileSync("sh", ["-c", line], { cwd: folder, encoding: "utf8", timeout: 20_000, stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "dataflower"), "dir");
  for (const file of ["words.mjs", "main.mjs", "shops.mjs"]) writeFileSync(join(folder, file), example(file));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the README's example prints what the README says", () => {
  const printed = execFileSync(process.execPath, ["main.mjs"], { cwd: folder, encoding: "utf8", timeout: 20_000 });
  expect(printed).toBe(example("output"));
});

test("the README's example of failures prints what the README says", () => {
  expect(printedBy(example("shops-command"))).toBe(example("shops-output"));
});

test("the README's command runs", () => {
  expect(JSON.parse(printedBy(`${example("command").trim()} --json`))).toMatchObject({
    status: "completed",
    output: [
      ["a", 2],
      ["b", 2],
    ],
  });
});
