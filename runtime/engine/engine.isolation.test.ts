import { DataFlower, type Engine, type Run } from "dataflower";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyValue } from "../../actors/kernel/value.js";
import { equalValues } from "../../actors/kernel/value-equal.js";
import { values } from "../codec/values.arbitrary.js";
import { built } from "./fixtures/built.fixture.js";
import type * as Isolation from "./fixtures/isolation.fixture.js";
import type * as Misfits from "./fixtures/misfits.fixture.js";

const { isolation, carry, expectedIsolation, freshShelf } = await built<typeof Isolation>("isolation");
const { misfits, alone, unread, shared } = await built<typeof Misfits>("misfits");

const engines = new Map<number, Engine>();
const engineOf = (workers: number) => engines.get(workers) as Engine; // started below
beforeAll(async () => {
  for (const workers of [0, 1, 2, 4]) {
    engines.set(workers, await DataFlower.start({ workers, store: "memory:", workflows: [isolation, carry, alone, unread, shared] }));
  }
});
afterAll(() => Promise.all([...engines.values()].map((engine) => engine.close())));

/** Whether more than one worker executed tasks of the run. */
async function crossed(run: Run<unknown>): Promise<boolean> {
  const { tasksByWorker } = await run.summary();
  return tasksByWorker.filter((tasks) => tasks > 0).length > 1;
}

describe.each([0, 1, 2, 4])("with %i workers", (workers) => {
  test("a task never sees what another one does to its inputs and outputs", async () => {
    const crossings: boolean[] = [];
    for (let n = 0; n < 30; n++) {
      const input = { n, shelf: freshShelf(n + 100) };
      const run = await engineOf(workers).submit(isolation, input);
      input.shelf.list.push(-1); // the run was accepted with the input as it stood then
      expect(await run.result()).toEqual(expectedIsolation(n));
      crossings.push(await crossed(run));
    }
    expect(crossings.includes(true)).toBe(workers > 1);
  });

  test("an output that is not data fails with the same code, task and path, wherever its task was executed", async () => {
    let crossings = 0;
    const submit = (name: string) => [
      engineOf(workers).submit(alone, name),
      engineOf(workers).submit(unread, name),
      engineOf(workers).submit(shared, { name, at: 0 }),
      engineOf(workers).submit(shared, { name, at: 1 }),
    ];
    for (const name of Object.keys(misfits)) {
      const expected = { code: "DF_UNSERIALIZABLE", attempts: 1, path: `$.list[1].bad${misfits[name]?.()[1]}` };
      for (const [at, task] of ["misfit", "misfit", "misfit[0]", "misfit[1]"].entries()) {
        const run = await (submit(name)[at] as Promise<Run<unknown>>);
        const error = await run.result().then(undefined, (thrown: unknown) => thrown);
        expect(facts(error), `${name} as ${task}`).toEqual({ ...expected, task });
        if (at === 3 && (await crossed(run))) crossings += 1;
      }
    }
    expect(crossings > 0).toBe(workers > 1);
  });
});

/** What a refused value says: code, task and the path in the value. */
function facts(error: unknown): unknown {
  const { code, task, attempts, message } = error as { code?: string; task?: string; attempts?: number; message?: string };
  return { code, task, attempts, path: /\$\S*?(?=[ :]|$)/.exec(message ?? "")?.[0] };
}

test("a value that stays at home, one that crosses workers and a copy are equal", async () => {
  let crossings = 0;
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const copy = copyValue(value);
      const expected = [copy, copy, copy, { value: copy }, [copy, copy]];
      const inline = engineOf(0).run(carry, value);
      const local = engineOf(1).run(carry, value);
      const run = await engineOf(2).submit(carry, value);
      for (const output of [await inline, await local, await run.result()]) {
        if (!equalValues(output, expected)) expect(output).toEqual(expected); // shows where
        expect(equalValues(output, expected)).toBe(true);
      }
      if (await crossed(run)) crossings += 1;
    }),
    { numRuns: 300 },
  );
  expect(crossings).toBeGreaterThan(20);
});
