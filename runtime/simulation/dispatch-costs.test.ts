import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noCosts, parseDispatchCosts } from "./dispatch-costs.js";

const parsed = (costs: unknown) => parseDispatchCosts(JSON.stringify(costs), "costs.json");
const never = (): number => {
  throw new Error("drawn");
};

describe("dispatch costs", () => {
  test("are nothing without a file", () => {
    expect([noCosts.dispatchMs(never), noCosts.hopMs(never), noCosts.commitMs(never)]).toEqual([0, 0, 0]);
  });

  test("that are numbers are always the same, and those that are not named are nothing", () => {
    const { dispatchMs, hopMs, commitMs } = parsed({ dispatchUs: 1500, hopUs: 20 });
    expect([dispatchMs(never), hopMs(never), commitMs(never)]).toEqual([1.5, 0.02, 0]);
  });

  test("of percentiles are drawn piecewise linearly", () => {
    const { hopMs } = parsed({ hopUs: { p50: 1000, p90: 2000, p99: 11_000, max: 12_000 } });
    const at = (share: number) => hopMs(() => share);
    expect([at(0), at(0.3), at(0.5), at(0.9), at(0.99)]).toEqual([1, 1, 1, 2, 11]);
    expect([at(0.7), at(0.945), at(0.995)].map((ms) => Number(ms.toFixed(9)))).toEqual([1.5, 6.5, 11.5]);
  });

  test("never fall with the share, and end at the maximum", () => {
    const percentiles = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        percentiles,
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        (us, a, b) => {
          const [p50, p90, p99, max] = us.sort((one, other) => one - other) as [number, number, number, number];
          const { commitMs } = parsed({ commitUs: { p50, p90, p99, max } });
          const [low, high] = [commitMs(() => Math.min(a, b)), commitMs(() => Math.max(a, b))];
          expect(low).toBeLessThanOrEqual(high + 1e-9);
          expect(high).toBeLessThanOrEqual(max / 1000 + 1e-9);
        },
      ),
    );
  });

  test.each([
    ["no JSON", "{", /costs\.json as the file must be JSON/],
    ["a list", "[]", /the file must be an object: found \[\]/],
    ["another cost", '{"hopsUs":1}', /costs are dispatchUs, hopUs, commitUs: found hopsUs/],
    ["a name of every object", '{"__proto__":1}', /found __proto__/],
    ["a text", '{"hopUs":"1"}', /costs\.json: hopUs as a cost is a number of µs that is not negative: found "1"/],
    ["a negative number", '{"hopUs":-1}', /found -1/],
    ["an infinite number", '{"hopUs":1e999}', /found Infinity/],
    ["a missing percentile", '{"hopUs":{"p50":1,"p90":2,"max":3}}', /costs\.json: hopUs\.p99 .* found undefined/],
    ["another percentile", '{"hopUs":{"p50":1,"p90":2,"p99":3,"max":4,"p95":2}}', /found p95/],
    ["the name of a method for a percentile", '{"hopUs":{"toString":1}}', /found toString/],
    [
      "percentiles that fall",
      '{"hopUs":{"p50":1,"p90":3,"p99":2,"max":4}}',
      /percentiles must not fall: found p99 below the one before it/,
    ],
  ])("refuse %s", (_, text, message) => {
    expect(() => parseDispatchCosts(text, "costs.json")).toThrow(
      expect.objectContaining({ code: "DF_SPEC_INVALID", message: expect.stringMatching(message) }),
    );
  });
});
