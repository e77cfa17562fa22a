import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkImports } from "./check-imports.js";
import { importRules } from "./checks/import-rules.js";
import { plantedProject } from "./checks/planted.fixture.js";

const production = ["piscina", "comlink", "msgpackr", "hdr-histogram-js"];
const manifest = {
  name: "dataflower",
  exports: { ".": "./dist/runtime/index.js" },
  dependencies: versions(production),
  devDependencies: versions(["async", "tsx"]),
  peerDependencies: versions(["tsx"]),
};
const packages = [...production, "async", "tsx", "undeclared"];

/** A project in miniature that keeps every rule: each line below is one that a rule might forbid by mistake. */
const clean = {
  "package.json": JSON.stringify(manifest),
  ...Object.fromEntries(
    packages.flatMap((name) => [
      [`node_modules/${name}/package.json`, packageManifest(name)],
      [`node_modules/${name}/index.js`, ""],
    ]),
  ),
  "scripts/chore.ts": `import "../bench/main.js"; import "../runtime/codec/codec.js"; import "async";`,
  "bench/main.ts": `import "../runtime/index.js"; import "dataflower"; import "piscina"; import "async"; import "./micro/ring.bench.js";`,
  "bench/micro/ring.bench.ts": `import "../../runtime/memory/ring.js";`,
  "bench/experiments/ladder.ts": `import "../../runtime/codec/codec.js";`,
  "runtime/index.ts": `export * from "./engine/engine.js"; export type { Policy } from "../schedulers/index.js";`,
  "runtime/engine/engine.ts": `import "piscina"; import "node:path"; import "../codec/codec.js"; import "../memory/ring.js"; await import("tsx");`,
  "runtime/worker/worker.ts": `import * as comlink from "comlink"; using open = comlink.open();`,
  "runtime/codec/codec.ts": `import "msgpackr"; import "../../actors/kernel/value.js";`,
  "runtime/codec/codec.test.ts": `import "./codec.conformance.js"; import "async";`,
  "runtime/codec/codec.conformance.ts": `import "./codec.js";`,
  "runtime/memory/ring.ts": `import "../../actors/kernel/value.js";`,
  "runtime/observe/histogram.ts": `import "hdr-histogram-js";`,
  "actors/ports.ts": `import "./workflow/actor.js"; import "../schedulers/index.js";`,
  "actors/kernel/value.ts": "export const value = 1;",
  "actors/workflow/actor.ts": `import "../kernel/value.js";`,
  "schedulers/index.ts": `export * from "./fifo.js";`,
  "schedulers/fifo.ts": "export interface Policy {}",
};

/** One violation of each rule: the file that breaks it, and how. Every form of an import appears. */
const violations: ReadonlyArray<[rule: string, path: string, source: string]> = [
  ["bench-imports-downwards", "bench/planted.ts", `import "../scripts/chore.js";`],
  ["runtime-imports-downwards", "runtime/planted.ts", `export * from "../bench/main.js";`],
  ["runtime-imports-downwards", "runtime/planted.ts", `import "../scripts/chore.js";`],
  ["actors-imports-downwards", "actors/planted.ts", `import type { Engine } from "../runtime/index.js";`],
  ["schedulers-imports-downwards", "schedulers/planted.ts", `export type Value = import("../actors/kernel/value.js").Value;`],
  ["no-cycle", "schedulers/fifo.ts", `import type { Policy } from "./index.js";`],
  [
    "memory-stands-alone",
    "runtime/memory/planted.ts",
    "export const load = async () => { using x = f(); await import(`../codec/codec.js`); };",
  ],
  ["codec-stands-alone", "runtime/codec/planted.ts", `export { ring } from "../memory/ring.js";`],
  ["kernel-stands-alone", "actors/kernel/planted.ts", `import "../workflow/actor.js";`],
  ["schedulers-import-nothing", "schedulers/planted.ts", `import "node:path";`],
  ["schedulers-import-nothing", "schedulers/planted.ts", `import "msgpackr";`],
  ["tests-are-leaves", "runtime/planted.ts", `import "./codec/codec.conformance.js";`],
  ["no-test-imports-a-test", "runtime/codec/planted.test.ts", `import "./codec.test.js";`],
  ["bench-uses-public-doors", "bench/peers/planted.ts", `import "../../runtime/engine/engine.js";`],
  ["bench-uses-public-doors", "bench/peers/planted.ts", `import "../../actors/kernel/value.js";`],
  ["no-dev-dependency", "actors/planted.ts", `import "async";`],
  ["no-undeclared-dependency", "scripts/planted.ts", `import "undeclared";`],
  ["threads-have-one-owner", "runtime/codec/planted.ts", `import type { Remote } from "comlink";`],
  ["threads-have-one-owner", "runtime/planted.ts", `import "piscina";`],
  ["one-codec", "runtime/memory/planted.ts", `import { pack } from "msgpackr";`],
  ["one-histogram", "runtime/engine/planted.ts", `import hdr from "hdr-histogram-js";`],
  ["no-self-import", "runtime/engine/planted.ts", `import { DataFlower } from "dataflower";`],
  ["no-unresolvable", "runtime/planted.ts", `import "./nowhere.js";`],
];

describe("checkImports()", () => {
  test("passes a project that keeps every rule, and has read every file of it", async () => {
    const verdict = await checkImports(plantedProject(clean));
    expect(verdict.findings).toEqual([]);
    expect(verdict.lookedAt).toBe(Object.keys(clean).filter((path) => path.endsWith(".ts")).length);
  });

  test.each(violations)("finds a break of %s in %s: %s", async (rule, path, source) => {
    const { findings } = await checkImports(plantedProject({ ...clean, [path]: source }));
    expect(findings.filter((finding) => finding.path === path).map(({ message }) => message.split(":")[0])).toContain(rule);
  });

  test("has a planted violation for every rule", () => {
    expect(new Set(violations.map(([rule]) => rule))).toEqual(new Set(importRules.map(({ name }) => name)));
  });

  test("looks at nothing in an empty folder, which report() fails", async () => {
    expect(await checkImports(plantedProject({ "package.json": "{}" }))).toEqual({ lookedAt: 0, findings: [] });
  });

  test("reads all of this project", async () => {
    const { lookedAt, findings } = await checkImports(fileURLToPath(new URL("..", import.meta.url)));
    expect(lookedAt).toBeGreaterThan(10);
    expect(findings.filter(({ message }) => message.startsWith("no-blind-spot"))).toEqual([]);
  });
});

function versions(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "1.0.0"]));
}

function packageManifest(name: string): string {
  return JSON.stringify({ name, version: "1.0.0", type: "module", exports: "./index.js" });
}
