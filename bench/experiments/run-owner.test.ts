import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FolderError } from "./run-folder.js";
import { OWNER_FILE, RunOwner } from "./run-owner.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dataflower-owner-"));
  file = join(folder, OWNER_FILE);
});
afterEach(() => rmSync(folder, { recursive: true }));

const owned = () => JSON.parse(readFileSync(file, "utf8")) as object;
/** Of this process, with something else in it. */
function ownedBy(change: object): void {
  RunOwner.claim(folder);
  writeFileSync(file, JSON.stringify({ ...owned(), ...change }));
}

test("a run that a process measures is refused to others until it has released it", () => {
  const owner = RunOwner.claim(folder);
  const message = `Cannot continue ${folder} as one process measures a run at a time: found process ${process.pid}`;
  expect(() => RunOwner.claim(folder)).toThrow(new FolderError(message));
  owner.release();
  expect(existsSync(file)).toBe(false);
  RunOwner.claim(folder).release();
});

test.each([
  ["of a process that has ended", () => ownedBy({ pid: spawnSync("true").pid })],
  ["of a process whose number this one was given later", () => ownedBy({ started: "another start" })],
  ["that tells nothing", () => writeFileSync(file, "")],
])("a file %s is taken over", (_, leave) => {
  leave();
  const owner = RunOwner.claim(folder);
  expect(owned()).toMatchObject({ pid: process.pid });
  owner.release();
});

test("of a process on another machine nothing is known: who knows that it has ended is told what to delete", () => {
  ownedBy({ host: "elsewhere" });
  expect(() => RunOwner.claim(folder)).toThrow(`found process ${process.pid} on elsewhere; if it has ended, delete ${file}`);
});
