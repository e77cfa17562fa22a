import { DataFlower, type Engine, type EngineOptions, type Workflow, workflow } from "dataflower";
import { type CustomPolicy, type PolicyOrder, policy, policyNames } from "dataflower/schedulers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built, builtUrl } from "./fixtures/built.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import type * as Schedulers from "./fixtures/schedulers.fixture.js";

const fixture = await built<typeof Schedulers>("schedulers");
const { byLength, byPosition, byShortness, tornInRank, rankedByNaN, tornInBefore, losing, sound } = fixture;

/** Asks an engine for one thing. */
async function withEngine<Answer>(options: EngineOptions, ask: (engine: Engine) => Promise<Answer>): Promise<Answer> {
  const engine = await DataFlower.start({ workers: 1, store: "memory:", ...options });
  try {
    return await ask(engine);
  } finally {
    await engine.close({ grace: 0 });
  }
}

describe("a policy of a user's own orders the tasks of a run", () => {
  test.each(fixture.longestFirst.map((scheduler) => [scheduler.name, scheduler] as const))("as the engine's: %s", async (_, scheduler) => {
    for (const workers of [0, 1]) {
      expect(await withEngine({ workers, scheduler }, (engine) => engine.run(fixture.starts, undefined))).toEqual(byLength);
    }
  });

  test.each<[string, Workflow<void, number[]>, string | CustomPolicy, readonly number[]]>([
    ["by rank", fixture.startsByRank, "fifo", byLength],
    ["by comparison", fixture.startsByComparison, "fifo", byLength],
    ["by a structure of its own", fixture.startsByStructure, "random", byLength],
    ["by name", fixture.startsBySjf, fixture.newestFirst, byShortness],
    ["by the name of the engine's default", fixture.startsByPosition, fixture.longestFirst[0] as CustomPolicy, byPosition],
  ])("as the workflow's, whatever the engine's is: %s", async (_, starts, scheduler, expected) => {
    expect(await withEngine({ scheduler }, (engine) => engine.run(starts, undefined))).toEqual(expected);
  });
});

test("a policy of a user's own orders the runs that wait for a worker", async () => {
  const count = 100;
  const noted = await withEngine({ scheduler: fixture.newestFirst }, async (engine) => {
    await Promise.all(Array.from({ length: count }, (_, number) => engine.run(fixture.noting, number)));
    return engine.run(fixture.noting, -1);
  });
  const waited = noted.slice(count / 2, -1); // the ready queue holds the first few of them
  expect(waited).toEqual(waited.toSorted((a, b) => b - a));
  expect(waited.at(-1)).toBeLessThan(count / 2);
});

const here = builtUrl("runtime/engine/fixtures/schedulers.fixture");
const rank = () => 0;
/** A value that breaks its type, as programs without types may hand it over. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests is input that the types forbid
const wrong = (value: unknown): any => value;

describe.each<[path: string, use: (scheduler: unknown) => unknown]>([
  ["engine.scheduler", (scheduler) => DataFlower.start({ workers: 1, store: "memory:", scheduler: wrong(scheduler) })],
  ["workflow.scheduler", (scheduler) => workflow({ name: "w", module: here, scheduler: wrong(scheduler) }, (flow) => flow.task(() => 1))],
])("%s", (path, use) => {
  const message = async (scheduler: unknown) => {
    try {
      await use(scheduler);
      return "accepted";
    } catch (error) {
      return `${(error as { code?: unknown }).code}: ${(error as Error).message}`;
    }
  };

  test("that has an unknown name is refused, and told which names there are", async () => {
    for (const name of ["fastest", "FIFO", "", "constructor", "__proto__"]) {
      const names = `one of ${policyNames.join(", ")}, or what policy() returned`;
      expect(await message(name)).toBe(`DF_SCHEDULER_UNKNOWN: Cannot use option ${path} as it must be ${names}: found "${name}"`);
    }
  });

  test.each<[string, unknown]>([
    ["is a function", rank],
    ["is null", null],
    ["is a definition that policy() did not make", { name: "mine", module: here, order: { rank } }],
    ["has no name", policy(wrong({ module: here }), { rank })],
    ["has a name that is none", policy({ name: "a b", module: here }, { rank })],
    ["has the name of another one", policy({ name: "fifo", module: here }, { rank })],
    ["has no module", policy(wrong({ name: "mine" }), { rank })],
    ["has a module that no worker finds", policy({ name: "mine", module: "./mine.js" }, { rank })],
    ["has no order", policy({ name: "mine", module: here }, wrong(undefined))],
    ["has an order of no meaning", policy({ name: "mine", module: here }, wrong({ after: rank }))],
    ["has two orders", policy({ name: "mine", module: here }, { rank, before: () => true } as PolicyOrder)],
    ["has a rank that is no function", policy({ name: "mine", module: here }, wrong({ rank: 5 }))],
  ])("that %s is refused", async (_, scheduler) => {
    expect(await message(scheduler)).toMatch(RegExp(`^DF_SCHEDULER_INVALID: Cannot use option ${path} as .+: found `));
  });
});

describe("a policy that a worker cannot load ends the start of the engine", () => {
  test.each([
    ["its module throws", "fails-in-worker", "DF_MODULE_FAILED"],
    ["its module exports no such policy", "plain", "DF_SCHEDULER_UNKNOWN"],
    ["its module does not exist", "absent", "DF_MODULE_NOT_FOUND"],
  ])("%s", async (_, name, code) => {
    const scheduler = policy({ name: "mine", module: builtUrl(`runtime/engine/fixtures/${name}.fixture`) }, { rank });
    const start = () => withEngine({ scheduler, workflows: [fixture.lucky] }, async () => "started");
    expect(await failure(start)).toMatchObject({ code });
  });
});

describe.each([0, 1, 2])("a policy that breaks its contract, with %i workers", (workers) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await DataFlower.start({ workers, store: "memory:" });
  });
  afterAll(() => engine.close());

  test.each([
    ["throws in rank", tornInRank],
    ["ranks by NaN", rankedByNaN],
    ["throws in before", tornInBefore],
    ["loses tasks", losing],
  ])("%s: each of its runs fails, and no other run is touched", async (_, wide) => {
    const runs = Array.from(
      { length: 6 },
      (_, number) => [failure(() => engine.run(number % 2 === 0 ? wide : sound, undefined)), number % 2] as const,
    );
    for (const [ended, isSound] of runs) {
      if (isSound) expect(await ended).toEqual({ completed: 12 });
      else expect(await ended).toMatchObject({ code: "DF_SCHEDULER_FAILED", task: expect.stringMatching(/^spinOne|^add/) });
    }
  });
});

test.each([0, 1, 2])("an engine whose scheduler breaks goes on with the runs that come later, with %i workers", async (workers) => {
  const { lucky, unlucky, unluckyWithin, throwsAtUnlucky } = fixture;
  const codes = await withEngine({ workers, scheduler: throwsAtUnlucky }, async (engine) => {
    const ended: unknown[] = [];
    for (const next of [lucky, unlucky, lucky, unluckyWithin, unlucky, lucky]) ended.push(await failure(() => engine.run(next, undefined)));
    return ended;
  });
  const lost = expect.objectContaining({ code: "DF_SCHEDULER_FAILED" });
  expect(codes).toEqual([{ completed: 1 }, lost, { completed: 1 }, lost, lost, { completed: 1 }]);
});

test("an engine fails all the runs that its broken scheduler held, none of which hangs", async () => {
  const { lucky, unlucky, throwsAtUnlucky } = fixture;
  const ended = await withEngine({ scheduler: throwsAtUnlucky }, (engine) =>
    Promise.all(Array.from({ length: 2_000 }, (_, number) => failure(() => engine.run(number === 1_500 ? unlucky : lucky, undefined)))),
  );
  const codes = ended.map((end) => (end as { code?: unknown }).code);
  expect(codes[1_500]).toBe("DF_SCHEDULER_FAILED");
  expect(codes.filter((code) => code !== undefined && code !== "DF_SCHEDULER_FAILED")).toEqual([]);
  expect(codes.filter((code) => code === undefined).length).toBeGreaterThan(0);
});
