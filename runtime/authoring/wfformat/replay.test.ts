/**
 * Replays of recorded traces by the compiled engine: their digests are known.
 */

import { DataFlower, type Engine, type RunSummary } from "dataflower";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtUrl } from "../../engine/fixtures/built.fixture.js";
import { hasSharedData, warnWithoutSharedData } from "../../shared-data.fixture.js";
import type { compiledWorkflow as CompiledWorkflow } from "../workflow.js";
import type { parseWfFormat as ParseWfFormat } from "./parse.js";
import { type Reference, readInstance, references } from "./recordings.fixture.js";
import { digestOf } from "./task-hash.js";
import { edgeCount, leavesOf, type Trace } from "./trace.js";
import { criticalPathMs } from "./trace-totals.js";
import type { ReplayOptions, traceWorkflow as TraceWorkflow } from "./trace-workflow.js";

// What the engine runs comes from the compiled package, as the engine does.
const { parseWfFormat } = (await import(builtUrl("runtime/authoring/wfformat/parse"))) as { parseWfFormat: typeof ParseWfFormat };
const { traceWorkflow } = (await import(builtUrl("runtime/authoring/wfformat/trace-workflow"))) as { traceWorkflow: typeof TraceWorkflow };
const { compiledWorkflow } = (await import(builtUrl("runtime/authoring/workflow"))) as { compiledWorkflow: typeof CompiledWorkflow };

warnWithoutSharedData("replays of the recorded traces");

const traces = new Map(references.map(({ file }) => [file, parseWfFormat(readInstance(file), file)]));

/** Runs of one instance bear one name, so the name is replaced by the file's. */
const replay = (trace: Trace, name: string, options: ReplayOptions) =>
  compiledWorkflow({ ...traceWorkflow(trace, options), name: name.replace(".json", "") });

const hashes = (result: unknown): string[] => result as string[]; // of the leaves

async function digestBy(engine: Engine, workflow: ReturnType<typeof replay>): Promise<{ digest: string; summary: RunSummary }> {
  const run = await engine.submit(workflow, undefined);
  return { digest: digestOf(hashes(await run.result())), summary: await run.summary() };
}

describe.skipIf(!hasSharedData).each(references)("$file", (reference: Reference) => {
  const trace = traces.get(reference.file)!;

  test("has the tasks, edges, work and longest path of the reference", () => {
    expect([trace.tasks.length, edgeCount(trace)]).toEqual([reference.tasks, reference.edges]);
    expect(trace.tasks.reduce((sum, { runtimeMs }) => sum + runtimeMs, 0)).toBeCloseTo(reference.workMs, -1);
    expect(criticalPathMs(trace, 1)).toBeCloseTo(reference.criticalPathMs, -1);
    expect(criticalPathMs(trace, 0.5)).toBeCloseTo(criticalPathMs(trace, 1) / 2, 5);
  });
});

const runsToShareMax = 10;

describe.skipIf(!hasSharedData)("an engine with 2 workers", () => {
  const workflows = new Map([...traces].map(([file, trace]) => [file, replay(trace, file, { body: "none", timeScale: 1 })]));
  const small = "helloworld-forkjoin-10-chameleon.json";
  const bodies = (["timer", "spin"] as const).map((body) => {
    const trace = traces.get(small) ?? { name: "", version: "", tasks: [] };
    return { body, workflow: hasSharedData ? replay(trace, `${body}-${small}`, { body, timeScale: 1e-6 }) : undefined };
  });
  let engine: Engine;
  beforeAll(async () => {
    const listed = [...workflows.values(), ...bodies.map(({ workflow }) => workflow!)];
    engine = await DataFlower.start({ store: "memory:", workers: 2, workflows: listed });
  });
  afterAll(() => engine.close());

  test.each(references)("gives the digest of $file", async ({ file, digest, tasks }) => {
    const shares = [0, 0];
    // Bodies that take no time are over before a worker that sleeps can be woken, now and then.
    for (let run = 0; run < runsToShareMax && shares.includes(0); run++) {
      const replayed = await digestBy(engine, workflows.get(file)!);
      expect(replayed.digest).toBe(digest);
      expect(replayed.summary.tasks).toBe(tasks);
      replayed.summary.tasksByWorker.forEach((done, worker) => {
        shares[worker]! += done;
      });
    }
    if (tasks >= 100) expect(shares).not.toContain(0);
  });

  test.each(bodies)("gives the same digest by $body bodies", async ({ workflow }) => {
    const { digest } = await digestBy(engine, workflow!);
    expect(digest).toBe(references.find(({ file }) => file === small)!.digest);
  });

  test("gives the leaves in the order of the file", async () => {
    const trace = traces.get("rnaseq-dirt02-001.json")!;
    const run = await engine.submit(workflows.get("rnaseq-dirt02-001.json")!, undefined);
    expect(hashes(await run.result())).toHaveLength(leavesOf(trace).length);
  });
});
