import { isDeepStrictEqual } from "node:util";
import { DataFlower, type Engine, type EngineOptions, type RunSummary, type Workflow } from "dataflower";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Graphs from "./fixtures/random-graphs.fixture.js";
import type * as Shapes from "./fixtures/shapes.fixture.js";

const { graphs, asyncGraphs, bigGraphs, expected, tasksPerGraph } = await built<typeof Graphs>("random-graphs");
const { wide, expectedWide, small, expectedSmall, nested, nestedLimited, expectedNested } = await built<typeof Shapes>("shapes");

const seedsMax = 100;
const wideRuns = Array.from({ length: seedsMax }, (_, seed) => {
  const input = { count: 2000, seed };
  return { input, answer: expectedWide(input) };
});
const smallRuns = Array.from({ length: seedsMax }, (_, seed) => {
  const inputs = Array.from({ length: 1000 }, (_, x) => ({ x, seed }));
  return { inputs, answers: inputs.map(expectedSmall) };
});
const listed = [...graphs, ...asyncGraphs, ...bigGraphs, wide, small, nested, nestedLimited];

/** Runs the graph of one seed; the answer must be right and every task must have been executed once. */
async function runGraph(engine: Engine, family: readonly Workflow<void, number[]>[], seed: number): Promise<RunSummary> {
  const graph = family[seed] as Workflow<void, number[]>; // the caller counts
  const run = await engine.submit(graph, undefined);
  expect(await run.result(), graph.name).toEqual(expected(seed));
  const summary = await run.summary();
  expect(summary.tasks, graph.name).toBe(tasksPerGraph);
  return summary;
}

/** Runs all graphs of a family at the same time. */
function runGraphs(engine: Engine, family: readonly Workflow<void, number[]>[]): Promise<RunSummary[]> {
  return Promise.all(family.map((_, seed) => runGraph(engine, family, seed)));
}

/** The outputs of so many small runs, in the order of their inputs; a failed run leaves its error in place of the output. */
async function answersOf(engine: Engine, inputs: readonly Shapes.SmallInput[]): Promise<unknown[]> {
  const answers = new Array<unknown>(inputs.length);
  for await (const settled of engine.submitAll(small, inputs, { inFlight: 250 })) {
    answers[settled.index] = settled.status === "completed" ? settled.output : settled.error;
  }
  return answers;
}

/** Whether more than one worker executed tasks of the run. */
const crossed = ({ tasksByWorker }: RunSummary) => tasksByWorker.filter((tasks) => tasks > 0).length > 1;

function withEngine(options: EngineOptions, define: (engine: () => Engine) => void): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await DataFlower.start({ store: "memory:", workflows: listed, ...options });
  });
  afterAll(() => engine.close());
  define(() => engine);
}

describe.each([0, 1, 2, 4])("an engine with %i workers", (workers) => {
  const seeds = workers === 0 ? 10 : seedsMax;
  withEngine({ workers }, (engine) => {
    test(`answers ${seedsMax} random graphs, one after the other and all at once`, async () => {
      const summaries: RunSummary[] = [];
      for (let seed = 0; seed < 20; seed++) summaries.push(await runGraph(engine(), graphs, seed));
      summaries.push(...(await runGraphs(engine(), graphs)));
      expect(summaries.some(crossed)).toBe(workers > 1);
    });

    test("answers random graphs whose handlers wait", async () => {
      await runGraphs(engine(), asyncGraphs);
    });

    test("answers random graphs with outputs of 1 to 7 MB", async () => {
      const summaries: RunSummary[] = [];
      for (const [seed] of bigGraphs.entries()) summaries.push(await runGraph(engine(), bigGraphs, seed));
      expect(summaries.some(crossed)).toBe(workers > 1);
    });

    test.each([0, 1, 2, 17])("answers maps within maps of size %i, with and without a limit of elements in progress", async (size) => {
      const answers = await Promise.all([nested, nestedLimited].flatMap((workflow) => [1, 2, 3].map(() => engine().run(workflow, size))));
      for (const answer of answers) expect(answer).toEqual(expectedNested(size));
    });

    test(`answers a wide run of 2,000 small tasks, ${seeds} seeds`, async () => {
      const wrong: number[] = [];
      for (const [seed, { input, answer }] of wideRuns.slice(0, seeds).entries()) {
        if (!isDeepStrictEqual(await engine().run(wide, input), answer)) wrong.push(seed);
      }
      expect(wrong).toEqual([]);
    });

    test(`answers a thousand small runs, ${seeds} seeds`, async () => {
      const wrong: number[] = [];
      for (const [seed, { inputs, answers }] of smallRuns.slice(0, seeds).entries()) {
        if (!isDeepStrictEqual(await answersOf(engine(), inputs), answers)) wrong.push(seed);
      }
      expect(wrong).toEqual([]);
    });
  });
});

describe("an engine whose workers hardly share memory", () => {
  withEngine({ workers: 2, limits: { arenaBytesMax: "64KiB" } }, (engine) => {
    test("answers alike: what finds no room stays at home", async () => {
      const summaries: RunSummary[] = [];
      for (let round = 0; round < 3; round++) summaries.push(...(await runGraphs(engine(), graphs)));
      for (const [seed] of bigGraphs.entries()) summaries.push(await runGraph(engine(), bigGraphs, seed));
      await runGraphs(engine(), asyncGraphs);
      expect(summaries.some(crossed)).toBe(true);
    });

    test("answers maps within maps, and a wide run that is larger than the shared memory", async () => {
      const sizes = [3, 17, 17, 40];
      const answers = await Promise.all(sizes.map((size) => engine().run(nestedLimited, size)));
      expect(answers).toEqual(sizes.map(expectedNested));
      const input = { count: 5000, seed: 1 };
      expect(await engine().run(wide, input)).toEqual(expectedWide(input));
    });
  });
});
