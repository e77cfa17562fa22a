import { setTimeout as sleep } from "node:timers/promises";
import { DataFlower } from "dataflower";
import { describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Encode from "./fixtures/encode.fixture.js";
import { usageOf } from "./fixtures/usage.fixture.js";

const { held } = await built<typeof Encode>("encode");
const length = 100_000;
const patienceMs = 5_000;

async function until(holds: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 5) {
    if (holds()) return true;
    await sleep(5);
  }
  return false;
}

describe.each([0, 1, 2])("with %i workers", (workers) => {
  test("encode: always keeps each output encoded in shared memory until its readers are done, and changes no value", async () => {
    const engine = await DataFlower.start({ workflows: [held], workers, store: "memory:", encode: "always" });
    try {
      const usedBytes = () => usageOf(engine).arenaBytes.reduce((sum, bytes) => sum + bytes, 0);
      const result = engine.run(held, { length, ms: 300 });
      expect(await until(() => usedBytes() >= length)).toBe(true);
      expect(await result).toEqual({ bytes: new Uint8Array(length).fill(7), at: new Date(0), names: new Map([["a", 1]]) });
      expect(await until(() => usedBytes() === 0)).toBe(true);
    } finally {
      await engine.close();
    }
  });
});

test("encode: needed keeps the outputs of a run that has its worker to itself in the heap", async () => {
  const engine = await DataFlower.start({ workflows: [held], workers: 1, store: "memory:" });
  try {
    const result = engine.run(held, { length, ms: 100 });
    let most = 0;
    const isOver = result.then(() => true);
    while (!(await Promise.race([isOver, sleep(5)]))) most = Math.max(most, ...usageOf(engine).arenaBytes);
    expect(most).toBeLessThan(length);
    await result;
  } finally {
    await engine.close();
  }
});
