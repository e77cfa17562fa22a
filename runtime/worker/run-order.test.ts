import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockingCalls } from "../../actors/workflow/loaded-workflow.js";
import { Later, type TaskEvent } from "../../actors/workflow/simulated-ports.fixture.js";
import { keptOutputs, SimulatedWorker } from "../../actors/workflow/simulated-worker.fixture.js";
import { seeded } from "../engine/fixtures/seeded.fixture.js";
import { loadWorkflow } from "./load-workflow.fixture.js";
import { type DagInput, type DagTask, dags, expectedSums, loadDag, nameOf, outputOf, positionOf } from "./random-dag.fixture.js";

/** A handler that ends later in some of its calls. */
function sometimesLater<Input>(random: () => number, laterShare: number, handler: (input: Input) => unknown): (input: Input) => unknown {
  return (input) => (random() < laterShare ? new Later(true, handler(input)) : handler(input));
}

const settings = [dags, fc.integer(), fc.integer({ min: 1, max: 8 }), fc.constantFrom(0, 0.3, 1)] as const;

describe("tasks of a random graph", () => {
  test("start only after everything that they wait for has ended, and the sums are right", () => {
    fc.assert(
      fc.property(...settings, (dag, seed, concurrency, laterShare) => {
        const random = seeded(seed);
        const worker = new SimulatedWorker({ random, concurrency });
        const all = dag.map((_, position) => position);
        worker.submit(loadDag(dag, sometimesLater(random, laterShare, outputOf), all), undefined);
        expect(worker.work()).toEqual([{ runId: "run-0", isOk: true, value: expectedSums(dag) }]);
        const ended = new Set<number>();
        for (const { kind, path } of worker.executor.events) {
          const { reads, after } = dag[positionOf(path)] as DagTask;
          if (kind === "end") ended.add(positionOf(path));
          else expect([...reads, ...after].filter((before) => !ended.has(before))).toEqual([]);
        }
        expect(ended.size).toBe(dag.length);
      }),
      { numRuns: 150 },
    );
  });

  test("with one attempt at a time, start in the order in which they became ready", () => {
    const run = (dag: DagTask[]) => {
      const worker = new SimulatedWorker({ random: seeded(1), concurrency: 1 });
      worker.submit(loadDag(dag, outputOf, [0]), undefined);
      worker.work();
      return worker.executor.events.filter(({ kind }) => kind === "start").map(({ path }) => positionOf(path));
    };
    fc.assert(fc.property(dags, (dag) => void expect(run(dag)).toEqual(firstComeFirstServed(dag))));
  });

  test.each([
    ["has started its only attempt", 1],
    ["has ended, where it may be repeated", 2],
  ])("an output is kept until its last reader %s, and not a task longer", (_, attempts) => {
    fc.assert(
      fc.property(...settings, fc.array(fc.nat(), { maxLength: 3 }), (dag, seed, concurrency, laterShare, seeds) => {
        const random = seeded(seed);
        const worker = new SimulatedWorker({ random, concurrency });
        const results = [...new Set(seeds.map((one) => one % dag.length))];
        const loaded = loadDag(dag, sometimesLater(random, laterShare, outputOf), results, { defaults: { retry: attempts } });
        const run = worker.submit(loaded, undefined);
        const started = new Set<number>();
        const hasEnded = (position: number) => worker.trace.includes(`run-0 < task-ended ${nameOf(position)}`);
        const hasLetGo = (position: number) => (attempts === 1 ? started.has(position) : hasEnded(position));
        const isWanted = (own: number) =>
          results.includes(own) || dag.some(({ reads }, reader) => reads.includes(own) && !hasLetGo(reader));
        worker.executor.onStart = (task) => {
          started.add(positionOf(task.path));
          const kept = [...keptOutputs(run).keys()].filter((path) => path !== "input").map(positionOf);
          const wanted = [...dag.keys()].filter((position) => hasEnded(position) && isWanted(position));
          expect(kept.sort()).toEqual(wanted.sort());
        };
        expect(worker.work()[0]?.isOk).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("two runs go one after the other while the first has ready tasks, and never mix their outputs", () => {
    const dag: DagTask[] = [
      { reads: [], after: [] },
      { reads: [0], after: [] },
      { reads: [0], after: [] },
      { reads: [1, 2], after: [] },
    ];
    const worker = new SimulatedWorker({ random: seeded(1) });
    const loaded = loadDag(dag, outputOf, [3]);
    worker.submit(loaded, undefined);
    worker.submit(loaded, undefined);
    const sum = expectedSums(dag)[3];
    expect(worker.work().map((outcome) => outcome?.value)).toEqual([[sum], [sum]]);
    const starts = worker.executor.events.filter(({ kind }) => kind === "start").map(({ runId, path }) => `${runId} ${path}`);
    expect(starts).toEqual(["run-0", "run-1"].flatMap((runId) => dag.map((_, position) => `${runId} ${nameOf(position)}`)));
  });
});

/** The order of starts by a plain queue. */
function firstComeFirstServed(dag: readonly DagTask[]): number[] {
  const missing = dag.map(({ reads, after }) => new Set([...reads, ...after]));
  const order: number[] = [];
  const queue = [...dag.keys()].filter((position) => missing[position]?.size === 0);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    order.push(next);
    for (const [position, before] of missing.entries()) if (before.delete(next) && before.size === 0) queue.push(position);
  }
  return order;
}

describe("attempts that end later", () => {
  test("overlap up to the worker's concurrency, and no further", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 40 }), fc.integer(), (concurrency, count, seed) => {
        const dag: DagTask[] = Array.from({ length: count }, () => ({ reads: [], after: [] }));
        const worker = new SimulatedWorker({ random: seeded(seed), concurrency, overtaking: 0 });
        const handler = (input: DagInput) => new Later(true, outputOf(input));
        const loaded = loadDag(dag, handler, []);
        let hasBlocked = false; // a few long calls in a row, until a short one
        worker.executor.onStart = () => {
          hasBlocked ||= loaded.isBlocking(0);
        };
        worker.submit(loaded, undefined);
        expect(worker.work()[0]?.isOk).toBe(true);
        const most = mostAtATime(worker.executor.events);
        expect(most).toBeLessThanOrEqual(concurrency);
        if (!hasBlocked && !loaded.isBlocking(0)) expect(most).toBe(Math.min(concurrency, count));
      }),
    );
  });

  test("of a handler that holds its thread first do not overlap", () => {
    const worker = new SimulatedWorker({ random: seeded(1), concurrency: 8 });
    const hold = () => {
      worker.clock.advance(2);
      return new Later(true, 1);
    };
    const loaded = loadWorkflow((flow) => Array.from({ length: 6 }, () => flow.task(hold)));
    worker.submit(loaded, undefined);
    expect(worker.work()[0]?.value).toEqual([1, 1, 1, 1, 1, 1]);
    expect(mostAtATime(worker.executor.events)).toBe(blockingCalls); // it takes that many to tell a blocking handler from a cold one
    expect(loaded.isBlocking(0)).toBe(true);
    worker.executor.events.length = 0;
    worker.submit(loaded, undefined);
    worker.work();
    expect(mostAtATime(worker.executor.events)).toBe(1);
  });
});

function mostAtATime(events: readonly TaskEvent[]): number {
  let now = 0;
  let most = 0;
  for (const { kind } of events) {
    now += kind === "start" ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}
