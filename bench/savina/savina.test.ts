import { type Actors, createActorSystem } from "dataflower/actors";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as Benchmarks from "./benchmarks.js";
import { Place } from "./savina.js";

/** How large the benchmarks are: a tenth of the suite's sizes, or more. */
const size = (process.env.DF_SAVINA ?? "tenth") as "full" | "tenth" | "tiny";

// The compiled twin: workers import it, and cannot import what the test runner makes of the sources.
const { savinaBenchmarks }: typeof Benchmarks = await import(new URL("../../dist/bench/savina/benchmarks.js", import.meta.url).href);

let system: Actors;
let failures: unknown[] = [];
beforeAll(async () => {
  system = await createActorSystem({ workers: 2, onFailure: (error) => void failures.push(error) });
});
afterAll(() => system.close());
afterEach(() => {
  expect(failures).toEqual([]);
  failures = [];
});

describe.each([1, 2])("Savina, actors on %i worker(s)", (workers) => {
  test.each(savinaBenchmarks.map((benchmark) => [`${benchmark.name}: ${benchmark.sizes[size]} ${benchmark.sized}`, benchmark] as const))(
    "%s",
    { timeout: 120_000 },
    async (_, benchmark) => {
      const place = new Place(system, workers);
      try {
        expect(await benchmark.run(place, benchmark.sizes[size])).toBeGreaterThan(0);
      } finally {
        place.clear();
      }
    },
  );
});
