import { DataFlower } from "dataflower";
import { expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Together from "./fixtures/together.fixture.js";

const { together } = await built<typeof Together>("together");
const count = 500;

test.each([0, 1])("with %i workers, runs that wait for promises make room for those that wait to start", async (workers) => {
  const engine = await DataFlower.start({ workflows: [together], workers, concurrency: count, store: "memory:" });
  try {
    const results = Array.from({ length: count }, () => engine.run(together, { count }));
    expect(new Set(await Promise.all(results))).toEqual(new Set([count]));
  } finally {
    await engine.close({ grace: 0 });
  }
});
