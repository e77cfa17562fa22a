import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataFlower, type Engine, type EngineOptions, type Ref, type Run, type Workflow, workflow } from "dataflower";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import type * as ExitsInWorker from "./fixtures/exits-in-worker.fixture.js";
import type * as FailsInWorker from "./fixtures/fails-in-worker.fixture.js";
import type * as NoWorkflow from "./fixtures/no-workflow.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import { runProgram } from "./fixtures/program.fixture.js";
import type * as Sizes from "./fixtures/sizes.fixture.js";
import type * as UnstableBuilder from "./fixtures/unstable-builder.fixture.js";

const plain = await built<typeof Plain>("plain");
const sizes = await built<typeof Sizes>("sizes");
const { unstable } = await built<typeof UnstableBuilder>("unstable-builder");
const { absent } = await built<typeof NoWorkflow>("no-workflow");
const { homebound } = await built<typeof FailsInWorker>("fails-in-worker");
const { deadly } = await built<typeof ExitsInWorker>("exits-in-worker");

/** A value that breaks its type, as programs without types may hand it over. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests is input that the types forbid
const wrong = (value: unknown): any => value;

const one = () => 1;
const here = builtUrl("runtime/engine/fixtures/plain.fixture");
const named = (name: string) => workflow({ name, module: here }, (flow) => flow.task(one));
const taskNamed = (name: string) => workflow({ name: "w", module: here }, (flow) => flow.task(one, undefined, { name }));
const withTaskOptions = (options: unknown) => workflow({ name: "w", module: here }, (flow) => flow.task(one, undefined, wrong(options)));

/** Workflows that cannot be compiled are refused before any worker hears of them. */
const compiled = (given: Workflow<void, unknown>) => engine.run(given, undefined);

const start = async (options: EngineOptions): Promise<string> => {
  const engine = await DataFlower.start({ workers: 1, store: "memory:", ...options });
  await engine.close();
  return "started";
};

let engine: Engine;
beforeAll(async () => {
  engine = await DataFlower.start({ workers: 2, store: "memory:" });
});
afterAll(() => engine.close());

const submitted = async (options: unknown) => (await engine.submit(plain.echo, 1, wrong(options))).result();
const all = async (inputs: unknown, options?: unknown) => {
  for await (const settled of engine.submitAll(plain.echo, wrong(inputs), wrong(options))) expect(settled).toBe("never reached");
};

type Case = readonly [what: string, code: string, act: () => unknown];

const names: Case[] = ["", " ", "a b", "a/b", "a[0]", ".a", "-a", "é", "__proto__", "constructor", "prototype", "a".repeat(129)].flatMap(
  (name) => [
    [`a workflow named ${JSON.stringify(name)}`, "DF_SPEC_INVALID", () => named(name)],
    [`a task named ${JSON.stringify(name)}`, "DF_SPEC_INVALID", () => compiled(taskNamed(name))],
    [`a run named ${JSON.stringify(name)}`, "DF_SPEC_INVALID", () => submitted({ runId: name })],
    [`asking for a run named ${JSON.stringify(name)}`, "DF_SPEC_INVALID", () => engine.get(plain.echo, name)],
  ],
);

const workflows: Case[] = [
  ["two workflows of one name", "DF_SPEC_INVALID", () => start({ workflows: [named("twin"), named("twin")] })],
  [
    "two tasks of one name",
    "DF_SPEC_INVALID",
    () =>
      start({
        workflows: [workflow({ name: "w", module: here }, (flow) => [1, 2].map(() => flow.task(one, undefined, { name: "twin" })))],
      }),
  ],
  ["a workflow without tasks", "DF_SPEC_INVALID", () => start({ workflows: [workflow({ name: "w", module: here }, () => 1)] })],
  ["something else than a workflow, listed", "DF_SPEC_INVALID", () => start({ workflows: [wrong({ name: "w" })] })],
  ["something else than a workflow, submitted", "DF_SPEC_INVALID", () => engine.submit(wrong({ name: "w" }), wrong(1))],
  ["no workflow, submitted", "DF_SPEC_INVALID", () => engine.run(wrong(undefined), wrong(1))],
  ["no workflow, asked for a run", "DF_SPEC_INVALID", () => engine.get(wrong(undefined), "a")],
  ["a module that is no URL", "DF_SPEC_INVALID", () => workflow({ name: "w", module: "./w.js" }, (flow) => flow.task(one))],
  ["a module of another origin", "DF_SPEC_INVALID", () => workflow({ name: "w", module: "https://a.org/w.js" }, (flow) => flow.task(one))],
  ["a workflow option of no meaning", "DF_OPTION_INVALID", () => workflow(wrong({ name: "w", module: here, colour: 1 }), one)],
  ["a builder that is no function", "DF_SPEC_INVALID", () => workflow({ name: "w", module: here }, wrong(1))],
  [
    "a handler that is no function",
    "DF_SPEC_INVALID",
    () => start({ workflows: [workflow({ name: "w", module: here }, (flow) => flow.task(wrong(1)))] }),
  ],
  [
    "a constant that is not data",
    "DF_UNSERIALIZABLE",
    () => start({ workflows: [workflow({ name: "w", module: here }, (flow) => flow.task(wrong(one), { f: one }))] }),
  ],
  [
    "a ref that is read while the graph is written",
    "DF_REF_USED_AS_VALUE",
    () =>
      start({ workflows: [workflow({ name: "w", module: here }, (flow, input: Ref<number>) => flow.task(wrong(one), `${wrong(input)}`))] }),
  ],
];

const modules: Case[] = [
  [
    "a module that does not exist",
    "DF_MODULE_NOT_FOUND",
    () => start({ workflows: [workflow({ name: "w", module: "/nowhere/w.js" }, (flow) => flow.task(one))] }),
  ],
  ["a module that exports no workflow", "DF_MODULE_NO_WORKFLOW", () => start({ workflows: [absent()] })],
  ["a module that exports another workflow", "DF_MODULE_NO_WORKFLOW", () => start({ workflows: [named("another")] })],
  ["a module that throws in workers", "DF_MODULE_FAILED", () => start({ workflows: [homebound] })],
  ["a module that ends its worker", "DF_WORKER_LOST", () => start({ workflows: [deadly] })],
  ["a builder that lists other handlers in a worker", "DF_BUILDER_UNSTABLE", () => start({ workflows: [unstable] })],
  ["a module that throws in workers, at the first run", "DF_MODULE_FAILED", () => engine.run(homebound, undefined)],
  ["a builder that lists other handlers in a worker, at the first run", "DF_BUILDER_UNSTABLE", () => engine.run(unstable, undefined)],
];

const inputs: Case[] = [
  ["input that breaks its schema", "DF_INPUT_INVALID", () => engine.run(plain.checked, wrong({ name: 1 }))],
  ["no input where a schema wants one", "DF_INPUT_INVALID", () => engine.run(plain.checked, wrong(undefined))],
  ["input that breaks a schema which answers later", "DF_INPUT_INVALID", () => engine.run(plain.checkedLater, { name: "nobody" })],
  ["a schema that throws", "DF_INPUT_INVALID", () => engine.run(plain.checkedByTorn, wrong(1))],
  ["input that is not data", "DF_UNSERIALIZABLE", () => engine.run(plain.echo, { list: [() => 1] })],
  ["input with a key __proto__", "DF_UNSERIALIZABLE", () => engine.run(plain.echo, JSON.parse('{"__proto__":1}'))],
  ["input that is too large", "DF_RESULT_TOO_LARGE", () => engine.run(plain.echo, new Uint8Array(9 * 1024 * 1024))],
];

const badNumbers = [Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300, 1.5, "1", null, {}];
const notIntegers = (path: string, act: (value: unknown) => unknown, good: readonly unknown[] = []): Case[] =>
  badNumbers
    .filter((value) => !good.includes(value) && !good.includes(shown(value)))
    .map((value) => [`${path}: ${shown(value)}`, "DF_OPTION_INVALID", () => act(value)]);

const numbers: Case[] = [
  ...notIntegers("workers", (workers) => start({ workers: wrong(workers) })),
  ...notIntegers("concurrency", (concurrency) => start({ concurrency: wrong(concurrency) })),
  ...["outputBytesMax", "intakeMax", "heapMbMax", "arenaBytesMax", "memoryMax"].flatMap((limit) =>
    [...badNumbers, 0].map(
      (value): Case => [`limits.${limit}: ${shown(value)}`, "DF_OPTION_INVALID", () => start({ limits: { [limit]: value } })],
    ),
  ),
  ...notIntegers("limits.cpusMax", (cpusMax) => start({ limits: { cpusMax: wrong(cpusMax) } }), [1.5]),
  ...notIntegers("priority of a run", (priority) => submitted({ priority }), [-1]),
  ...notIntegers("deadline of a run", (deadline) => submitted({ deadline }), [1.5]),
  ...notIntegers("inFlight", (inFlight) => all([1], { inFlight })),
  ["inFlight: 0", "DF_OPTION_INVALID", () => all([1], { inFlight: 0 })],
  ["inFlight beyond the intake", "DF_OPTION_INVALID", () => all([1], { inFlight: 10_001 })],
  ...notIntegers("grace", (grace) => engine.close({ grace: wrong(grace) }), [1.5]),
  ...["timeout", "heartbeatTimeout", "estimate"].flatMap((option) =>
    notIntegers(option, (value) => compiled(withTaskOptions({ [option]: value })), [1.5, Number.POSITIVE_INFINITY]),
  ),
  ...notIntegers("retry", (retry) => compiled(withTaskOptions({ retry })), ["{}"]),
  ...notIntegers("retry.attempts", (attempts) => compiled(withTaskOptions({ retry: { attempts } }))),
  ...notIntegers("priority of a task", (priority) => compiled(withTaskOptions({ priority })), [-1]),
  ...notIntegers("cpus", (cpus) => compiled(withTaskOptions({ cpus })), [1.5]),
  ...notIntegers("memory", (memory) => compiled(withTaskOptions({ memory }))),
];

const unknownOptions: Case[] = [
  ["an engine option of no meaning", "DF_OPTION_INVALID", () => start(wrong({ worker: 2 }))],
  ["a limit of no meaning", "DF_OPTION_INVALID", () => start({ limits: wrong({ memory: 2 }) })],
  ["engine options that are no object", "DF_OPTION_INVALID", () => DataFlower.start(wrong("memory:"))],
  ["workflows that are no list", "DF_OPTION_INVALID", () => start({ workflows: wrong(plain.echo) })],
  ["an unknown profile", "DF_OPTION_INVALID", () => start({ profile: wrong("fast") })],
  ["a profile named constructor", "DF_OPTION_INVALID", () => start({ profile: wrong("constructor") })],
  ["an unknown scheduler", "DF_SCHEDULER_UNKNOWN", () => start({ scheduler: "fastest" })],
  ["a scheduler named constructor", "DF_SCHEDULER_UNKNOWN", () => start({ scheduler: "constructor" })],
  ["a scheduler that policy() did not make", "DF_SCHEDULER_INVALID", () => start({ scheduler: wrong(Object.create(null)) })],
  ["an unknown store", "DF_STORE_UNSUPPORTED", () => start({ store: "sqlite:runs" })],
  ["a store that is no text", "DF_STORE_UNSUPPORTED", () => start({ store: wrong(Object.create(null)) })],
  ["a submit option of no meaning", "DF_OPTION_INVALID", () => submitted({ id: "a" })],
  ["submit options that are no object", "DF_OPTION_INVALID", () => submitted(null)],
  ["a runId that is no text", "DF_SPEC_INVALID", () => submitted({ runId: 5 })],
  ["asking for a runId that is no text", "DF_SPEC_INVALID", () => engine.get(plain.echo, wrong(5))],
  ["a deadline in an unknown unit", "DF_OPTION_INVALID", () => submitted({ deadline: "2 weeks" })],
  ["a submitAll option of no meaning", "DF_OPTION_INVALID", () => all([1], { inflight: 1 })],
  ["inputs that are not iterable", "DF_OPTION_INVALID", () => all(5)],
  ["no inputs", "DF_OPTION_INVALID", () => all(undefined)],
  ["a close option of no meaning", "DF_OPTION_INVALID", () => engine.close(wrong({ graze: 1 }))],
  ["an unknown kind of latency", "DF_OPTION_INVALID", () => engine.latency(wrong("speed"))],
  ["a task of a latency that is no text", "DF_OPTION_INVALID", () => engine.latency("queue", wrong(5))],
  ["a task option of no meaning", "DF_OPTION_INVALID", () => compiled(withTaskOptions({ retries: 5 }))],
  ["a retry option of no meaning", "DF_OPTION_INVALID", () => compiled(withTaskOptions({ retry: { times: 5 } }))],
];

describe.each(Object.entries({ names, workflows, modules, inputs, numbers, unknownOptions }))("bad input: %s", (_, cases) => {
  test.each(cases)("%s is %s", async (_, code, act) => {
    expect(await failure(async () => act())).toMatchObject({ code });
  });
});

test("an engine that has refused all this still works", async () => {
  expect(await engine.run(plain.echo, { still: "here" })).toEqual({ still: "here" });
});

test("an error lists what is wrong with an input", async () => {
  await expect(engine.run(plain.checked, wrong({ name: "a", tags: [1] }))).rejects.toThrow(/input\.name: .*; input\.tags\[0\]: /);
});

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

describe.each([0, 1, 2])("limits.outputBytesMax with %i workers", (workers) => {
  let small: Engine;
  beforeAll(async () => {
    small = await DataFlower.start({ workers, store: "memory:", limits: { outputBytesMax: 1000 } });
  });
  afterAll(() => small.close());

  const tooLarge = (task?: string) => ({ code: "DF_RESULT_TOO_LARGE", task, attempts: task === undefined ? undefined : 1 });

  type SizeCase = readonly [name: Exclude<keyof typeof sizes, "shared">, chars: number, expected: unknown];
  test.each<SizeCase>([
    ["result", 990, { completed: "x".repeat(990) }],
    ["result", 1001, tooLarge("text")],
    ["read", 990, { completed: 990 }],
    ["read", 1001, tooLarge("text")],
    ["unread", 990, { completed: 1 }],
    ["unread", 1001, tooLarge("text")],
    ["assembled", 300, { completed: ["x", "x", "x"].map((x) => x.repeat(300)) }],
    ["assembled", 500, tooLarge()],
    ["assembled", 1001, tooLarge("text")],
    ["gatheredInput", 500, { completed: [500, 500, 500] }],
    ["gatheredMap", 500, { completed: [500, 500, 500] }],
    ["gatheredMap", 1001, tooLarge("text[0]")],
    ["reduced", 300, { completed: 900 }],
    ["reduced", 501, tooLarge("longest[0]")],
  ])("%s of %i characters", async (name, chars, expected) => {
    // Among three tasks beside each other any may be the first whose end is seen.
    const anyTask = (ended: unknown) =>
      JSON.parse(JSON.stringify(ended).replace(/"text(-[23]|\[[12]\])"/, (_, at: string) => (at.startsWith("[") ? '"text[0]"' : '"text"')));
    for (let again = 0; again < 5; again++) {
      expect(anyTask(await failure(() => small.run(wrong(sizes[name]), chars)))).toEqual(JSON.parse(JSON.stringify(expected)));
    }
  });

  test("an output is held to it wherever its task is executed", async () => {
    for (const at of [0, 1]) {
      expect(await failure(() => small.run(sizes.shared, { chars: 1001, at }))).toEqual(tooLarge(`size[${at}]`));
      expect(await small.run(sizes.shared, { chars: 900, at })).toContain("x".repeat(900));
    }
  });
});

describe("a full intake", () => {
  test("refuses with DF_QUEUE_FULL, and what it has accepted completes", async () => {
    const busy = await DataFlower.start({ workers: 2, store: "memory:", limits: { intakeMax: 1000 } });
    try {
      const submissions = await Promise.all(Array.from({ length: 20_000 }, (_, n) => failureOrRun(busy, n)));
      const runs = submissions.flatMap(({ n, run }) => (run === undefined ? [] : [{ n, run }]));
      expect(runs.length).toBeGreaterThanOrEqual(1000);
      expect(new Set(submissions.map(({ code }) => code))).toEqual(new Set([undefined, "DF_QUEUE_FULL"]));
      expect(await Promise.all(runs.map(({ run }) => run.result()))).toEqual(runs.map(({ n }) => n));
      expect(await busy.run(plain.echo, "room again")).toBe("room again");
    } finally {
      await busy.close();
    }
  });

  async function failureOrRun(busy: Engine, n: number): Promise<{ n: number; run?: Run<unknown>; code?: unknown }> {
    try {
      return { n, run: await busy.submit(plain.echo, n) };
    } catch (error) {
      return { n, code: (error as { code?: unknown }).code };
    }
  }
});

describe("runs of the same id", () => {
  test("with the same input are one run", async () => {
    const runs = await Promise.all([1, 2, 3].map(() => engine.submit(plain.echo, { a: 1, b: new Map([[1, 2]]) }, { runId: "same" })));
    const later = await engine.submit(plain.echo, { a: 1, b: new Map([[1, 2]]) }, { runId: "same" });
    expect(new Set([...runs, later]).size).toBe(1);
    expect(await later.result()).toEqual({ a: 1, b: new Map([[1, 2]]) });
    expect(await engine.get(plain.echo, "same")).toBe(later);
    expect(await engine.get(plain.waiting, "same")).toBeUndefined();
    expect(await engine.get(plain.echo, "another")).toBeUndefined();
  });

  test("are one run when the engine named it, too", async () => {
    const run = await engine.submit(plain.echo, "named by the engine");
    expect(await engine.submit(plain.echo, "named by the engine", { runId: run.id })).toBe(run);
    await run.result();
    expect(await engine.submit(plain.echo, "named by the engine", { runId: run.id })).toBe(run);
    expect(await failure(() => engine.submit(plain.echo, "another", { runId: run.id }))).toMatchObject({ code: "DF_RUN_CONFLICT" });
  });

  test.each(["under way", "ended"])("with another input or workflow are refused while the first is %s", async (state) => {
    const runId = `conflict-${state === "ended" ? 1 : 2}`;
    const run = await engine.submit(plain.waiting, 50, { runId });
    if (state === "ended") await run.result();
    expect(await failure(() => engine.submit(plain.waiting, 51, { runId }))).toMatchObject({ code: "DF_RUN_CONFLICT" });
    expect(await failure(() => engine.submit(plain.echo, 50, { runId }))).toMatchObject({ code: "DF_RUN_CONFLICT" });
    expect(await run.result()).toBe(50);
  });
});

describe("a closed engine", () => {
  test("refuses everything that needs its workers, and settles what was under way", async () => {
    const closed = await DataFlower.start({ workers: 1, store: "memory:", workflows: [plain.stuck, plain.echo] });
    const run = await closed.submit(plain.stuck, undefined);
    const result = failure(() => run.result());
    const closing = [closed.close({ grace: 0 }), closed.close()];
    expect(await failure(() => closed.submit(plain.echo, 1))).toMatchObject({ code: "DF_ENGINE_CLOSED" });
    await Promise.all(closing);
    expect(await result).toMatchObject({ code: "DF_CANCELLED" });
    expect(await run.status()).toBe("cancelled");
    expect(await run.summary()).toMatchObject({ status: "cancelled", tasks: 0 });
    for (const act of [() => closed.submit(plain.echo, 1), () => closed.run(plain.echo, 1), () => closed.latency("service")]) {
      expect(await failure(act)).toMatchObject({ code: "DF_ENGINE_CLOSED" });
    }
    expect(await closed.get(plain.stuck, run.id)).toBe(run);
    const all: unknown[] = [];
    for await (const { status } of closed.submitAll(plain.echo, [1, 2])) all.push(status);
    expect(all).toEqual(["failed", "failed"]);
    await closed.close();
  });

  test("gives what is under way its grace", async () => {
    const closing = await DataFlower.start({ workers: 1, store: "memory:", workflows: [plain.waiting] });
    const runs = await Promise.all([20, 40, 60].map((ms) => closing.submit(plain.waiting, ms)));
    await closing.close({ grace: "20s" });
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual([20, 40, 60]);
  });
});

test("a workflow that could not be loaded at first is loaded later, and is mistaken for no other one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-"));
  try {
    const path = join(folder, "late.mjs");
    const late = workflow({ name: "late", module: path }, (flow) => flow.task(function lateHandler() {}));
    expect(await failure(() => engine.run(late, undefined))).toMatchObject({ code: "DF_MODULE_NOT_FOUND" });
    expect(await engine.run(plain.waiting, 1)).toBe(1);
    expect(await engine.run(plain.holding, 1)).toBe(1);
    const text = `import { workflow } from ${JSON.stringify(builtUrl("runtime/index"))};
      function lateHandler() { return "late"; }
      export const late = workflow({ name: "late", module: import.meta.url }, (flow) => flow.task(lateHandler));`;
    writeFileSync(path, text);
    expect(await engine.run(late, undefined)).toBe("late");
    expect(await engine.run(plain.waiting, 2)).toBe(2);
    expect(await engine.run(plain.holding, 2)).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("start() inside a worker", () => {
  test("is refused in a task", async () => {
    expect(await failure(() => engine.run(plain.starting, undefined))).toEqual({
      code: "DF_TASK_FAILED",
      task: "startInside",
      attempts: 1,
    });
    await expect(engine.run(plain.starting, undefined)).rejects.toMatchObject({ cause: { code: "DF_STARTED_IN_WORKER" } });
  });

  test("is refused in the module that workers import, and the program ends by itself", async () => {
    const { status, stderr } = await runProgram([fileURLToPath(builtUrl("runtime/engine/fixtures/starts-engine.fixture"))]);
    expect(stderr).toContain("DF_STARTED_IN_WORKER");
    expect(status).toBe(1);
  });
});

test("a program whose engines could not start ends by itself", async () => {
  const { status, stdout } = await runProgram([
    "--input-type=module",
    "--eval",
    `import { DataFlower } from ${JSON.stringify(builtUrl("runtime/index"))};
     import { unstable } from ${JSON.stringify(builtUrl("runtime/engine/fixtures/unstable-builder.fixture"))};
     import { deadly } from ${JSON.stringify(builtUrl("runtime/engine/fixtures/exits-in-worker.fixture"))};
     import { echo } from ${JSON.stringify(builtUrl("runtime/engine/fixtures/plain.fixture"))};
     for (const options of [{ workflows: [echo, unstable] }, { workflows: [deadly] }, { workers: -1 }]) {
       await DataFlower.start({ workers: 2, store: "memory:", ...options }).catch((error) => console.log(error.code));
     }`,
  ]);
  expect(stdout.split("\n").filter(Boolean)).toEqual(["DF_BUILDER_UNSTABLE", "DF_WORKER_LOST", "DF_OPTION_INVALID"]);
  expect(status).toBe(0);
});
