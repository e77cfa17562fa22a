import { describe, expect, test } from "vitest";
import { checkPurity } from "./check-purity.js";
import { plantedProject } from "./checks/planted.fixture.js";
import { purityRules } from "./checks/purity-rules.js";

/** Breaks of each rule, with the line they stand on. */
const violations: ReadonlyArray<[rule: string, path: string, source: string, line?: number]> = [
  ["pure-imports", "actors/planted.ts", `import { readFile } from "node:fs";`],
  ["pure-imports", "actors/planted.ts", `import type { Worker } from "worker_threads";`],
  ["pure-imports", "schedulers/planted.ts", `export { pack } from "msgpackr";`],
  ["pure-imports", "schedulers/planted.ts", `export type Socket = import("node:net").Socket;`],
  ["pure-world", "actors/planted.ts", "export const at = Date.now();"],
  ["pure-world", "actors/planted.ts", `export const at = () => Date["now"]();`],
  ["pure-world", "actors/planted.ts", "const { now } = Date;"],
  ["pure-world", "actors/planted.ts", "\n// why\nexport class A { #at = { started: +new Date() } }", 3],
  ["pure-world", "actors/planted.ts", `const text = \`\${Date()}\`;`],
  ["pure-world", "actors/planted.ts", "export const env = { ...process.env };"],
  ["pure-world", "actors/planted.ts", "export const share = { process };"],
  ["pure-world", "actors/planted.ts", `export const { setTimeout: later } = globalThis;`],
  ["pure-world", "schedulers/planted.ts", "export const rank = (task: T, now = performance.now()) => now;"],
  ["pure-world", "schedulers/planted.ts", "setImmediate(() => {});"],
  ["pure-world", "schedulers/planted.ts", "export interface Host { thread: Worker }"],
  ["pure-world", "actors/kernel/value-kinds.ts", "const later = (globalThis as Host).setTimeout;"],
  ["pure-global-object", "actors/planted.ts", "const host: Host = globalThis;"],
  ["pure-synchronous", "actors/planted.ts", "export async function run() {}"],
  ["pure-synchronous", "actors/planted.ts", "export const run = async () => 1;"],
  ["pure-synchronous", "actors/planted.ts", "export class A { async run() {} }"],
  ["pure-synchronous", "actors/planted.ts", "export const a = { async run() {} };"],
  ["pure-synchronous", "actors/planted.ts", "export class A { static async *#run() {} }"],
  ["pure-synchronous", "actors/planted.ts", "export const value = await port();"],
  ["pure-synchronous", "actors/planted.ts", "for await (const message of mailbox) use(message);"],
  ["pure-synchronous", "actors/planted.ts", "export const load = () => import('./other.js');"],
  ["pure-synchronous", "schedulers/planted.ts", "export type Later<T> = Promise<T>;"],
  ["pure-synchronous", "schedulers/planted.ts", "queueMicrotask(() => {});"],
  ["clock-port", "runtime/engine/planted.ts", "const at = Date.now();"],
  ["clock-port", "runtime/engine/planted.ts", "const at = process.hrtime.bigint();"],
  ["clock-port", "runtime/engine/planted.ts", "const timer = setTimeout(() => {}, 1);"],
  ["clock-port", "runtime/engine/planted.ts", `import { setTimeout as sleep } from "node:timers/promises";`],
  ["random-port", "runtime/engine/planted.ts", "const jitter = Math.random();"],
  ["random-port", "bench/planted.ts", "const { random } = Math;"],
  ["random-port", "bench/planted.ts", "const sample = (Math as Dice)?.random();"],
  ["random-port", "actors/planted.test.ts", "const seed = globalThis.Math.random();"],
  ["no-blocking-wait", "runtime/engine/planted.ts", "Atomics.wait(words, 0, 0);"],
  ["no-blocking-wait", "bench/planted.ts", `const wait = Atomics["wait"];`],
  ["no-wait-async", "runtime/worker/worker-main.ts", "Atomics.waitAsync(words, 0, 0);"],
  ["no-code-from-text", "runtime/planted.ts", `eval("1");`],
  ["no-code-from-text", "scripts/planted.ts", `new Function("return 1");`],
  ["no-code-from-text", "bench/planted.ts", `Function("return 1")();`],
  ["no-code-from-text", "runtime/planted.test.ts", `import vm from "node:vm";`],
  ["no-code-from-text", "runtime/planted.ts", `const vm = await import("node:vm");`],
];

/** What the rules must let pass. */
const innocent: ReadonlyArray<[why: string, path: string, source: string]> = [
  [
    "comments and strings",
    "actors/a.ts",
    `// Date.now() and await\n/** process */ const text = "setTimeout(eval)" + \`async Promise \${1}\`;`,
  ],
  [
    "fields and methods",
    "actors/a.ts",
    "interface P { process: number; async: boolean }\nport.process.setTimeout(x.performance); const a = { await: 1, process: 2 };",
  ],
  ["a date from a value", "actors/a.ts", "const copy = new Date(value.getTime()); const is = value instanceof Date;"],
  ["a seeded source", "schedulers/a.ts", "const pick = Math.floor(random.next() * 3);"],
  ["its own files", "actors/a.ts", `import { b } from "./b.js"; import type { C } from "../../schedulers/index.js";`],
  [
    "tests of pure code",
    "actors/a.test.ts",
    `import { test } from "vitest"; test("a", async () => { await Promise.resolve(setTimeout); });`,
  ],
  ["the clock port", "runtime/engine/system-clock.ts", "export const clock = { nowMs: () => Date.now(), after: setTimeout };"],
  ["the random port", "runtime/engine/random.ts", "export const seed = Math.random();"],
  ["a thread's entry", "bench/harness/generator-main.ts", "Atomics.wait(words, 0, 0, 0.05);"],
  ["time in a benchmark", "bench/a.ts", "const started = performance.now(); await import('./b.js');"],
  ["a type of a function", "runtime/a.ts", "const isFunction = value instanceof Function;"],
];

describe("checkPurity()", () => {
  test.each(violations)("finds a break of %s in %s: %s", (rule, path, source, line = 1) => {
    const { findings } = checkPurity(plantedProject({ [path]: source }));
    expect(findings.map((finding) => [finding.path, finding.line, finding.message.split(":")[0]])).toContainEqual([path, line, rule]);
  });

  test.each(innocent)("lets %s pass", (_why, path, source) => {
    expect(checkPurity(plantedProject({ [path]: source }))).toEqual({ lookedAt: 1, findings: [] });
  });

  test("has a planted violation for every rule", () => {
    expect(new Set(violations.map(([rule]) => rule))).toEqual(new Set(purityRules.map(({ name }) => name)));
  });
});
