import { describe, expect, test } from "vitest";
import type { CostedFunction } from "../../schedulers/cost/costed-function.js";
import { expectRefusal } from "../simulation/refusals.fixture.js";
import { planInvocations, plannedFunctionsMax, planRentedWorkers } from "./plan.js";

const prices = {
  usdPerGbSecond: 0.0000166667,
  usdPerMillionRequests: 0.2,
  roundingMs: 1,
  memoryMb: { min: 128, max: 10_240, step: 1 },
  coreMb: 1_769,
  durationMsMax: 900_000,
};
const rent = { usdPerCoreHour: 0.037, usdPerGbHour: 0.00275 };
const one: CostedFunction = { name: "resize", ioMs: 10, cpuMs: 40, peakMb: 64, after: [] };
const two = [one, { ...one, name: "publish", after: [0] }];

describe("planInvocations", () => {
  test("plans in steps, each beside the cheapest single memory size", () => {
    const { oneSize, sized, fused, packed } = planInvocations({ functions: two, deadlineMs: 120, prices });
    expect(oneSize.invocations.length).toBe(2);
    expect([sized.usd, fused.usd, packed.usd].every((usd) => usd > 0 && usd <= oneSize.usd)).toBe(true);
    expect(fused.invocations).toMatchObject([{ functions: [0, 1] }]);
  });

  test("says what the deadline must be at least", () => {
    const impossible = () => planInvocations({ functions: two, deadlineMs: 99, prices });
    expectRefusal(impossible, "DF_DEADLINE_IMPOSSIBLE", /at least 100 ms.*found 99 ms/);
    expect(planInvocations({ functions: two, deadlineMs: 100, prices }).packed.makespanMs).toBe(100);
  });
});

describe("planRentedWorkers", () => {
  test("plans workers, and says what the deadline must be at least", () => {
    expect(planRentedWorkers({ functions: two, deadlineMs: 100, prices: rent })).toMatchObject({
      makespanMs: 100,
      workers: [{ memoryMb: 64 }],
    });
    expectRefusal(() => planRentedWorkers({ functions: two, deadlineMs: 99, prices: rent }), "DF_DEADLINE_IMPOSSIBLE", /at least 100 ms/);
  });
});

describe("plans are refused for", () => {
  test.each([
    ["a time that is NaN", { functions: [{ ...one, cpuMs: Number.NaN }] }, "DF_OPTION_INVALID", /plan\.functions\[0\]\.cpuMs .*found NaN/],
    ["a negative time", { functions: [one, { ...one, ioMs: -1 }] }, "DF_OPTION_INVALID", /plan\.functions\[1\]\.ioMs .*found -1/],
    ["a time without end", { functions: [{ ...one, ioMs: Number.POSITIVE_INFINITY }] }, "DF_OPTION_INVALID", /ioMs .*found Infinity/],
    ["memory that is NaN", { functions: [{ ...one, peakMb: Number.NaN }] }, "DF_OPTION_INVALID", /peakMb/],
    ["a time that is missing", { functions: [{ ...one, cpuMs: undefined }] }, "DF_OPTION_INVALID", /cpuMs .*found undefined/],
    ["a function that is none", { functions: [null] }, "DF_OPTION_INVALID", /functions\[0\] .*an object/],
    [
      "what nobody knows of functions",
      { functions: [{ ...one, gpuMs: 1 }] },
      "DF_OPTION_INVALID",
      /functions\[0\]\.gpuMs .*none of that name/,
    ],
    ["a function after one that there is not", { functions: [{ ...one, after: [1] }] }, "DF_OPTION_INVALID", /functions\[0\]\.after\[0\]/],
    ["a function after nothing", { functions: [{ ...one, after: 0 }] }, "DF_OPTION_INVALID", /functions\[0\]\.after .*a list of positions/],
    ["a function without a name", { functions: [{ ...one, name: 5 }] }, "DF_OPTION_INVALID", /functions\[0\]\.name/],
    ["no list", { functions: one }, "DF_OPTION_INVALID", /plan\.functions .*a list/],
    ["too many functions", { functions: Array.from({ length: plannedFunctionsMax + 1 }, () => one) }, "DF_OPTION_INVALID", /from 0 to 50/],
    ["a deadline that is NaN", { deadlineMs: Number.NaN }, "DF_OPTION_INVALID", /plan\.deadlineMs .*found NaN/],
    ["a negative deadline", { deadlineMs: -1 }, "DF_OPTION_INVALID", /plan\.deadlineMs/],
    ["an option that there is not", { budget: 1 }, "DF_OPTION_INVALID", /plan\.budget/],
    [
      "functions that wait for each other",
      {
        functions: [
          { ...one, after: [1] },
          { ...one, after: [0] },
        ],
      },
      "DF_SPEC_INVALID",
      /each other/,
    ],
  ] as const)("%s", (_, more, code, message) => {
    const options = { functions: two, deadlineMs: 1_000, ...more } as never;
    expectRefusal(() => planInvocations({ ...(options as object), prices } as never), code, message);
    expectRefusal(() => planRentedWorkers({ ...(options as object), prices: rent } as never), code, message);
  });

  test("functions that no memory size can execute", () => {
    const functions = [one, { ...one, name: "giant", peakMb: 20_000 }];
    expectRefusal(() => planInvocations({ functions, deadlineMs: 1_000, prices }), "DF_SPEC_INVALID", /found giant/);
  });

  test("prices that are missing, negative or of another name", () => {
    const refused = (given: unknown, message: RegExp) =>
      expectRefusal(() => planInvocations({ functions: two, deadlineMs: 1_000, prices: given as never }), "DF_OPTION_INVALID", message);
    refused(undefined, /plan\.prices .*an object/);
    refused({ ...prices, usdPerGbSecond: undefined }, /plan\.prices\.usdPerGbSecond/);
    refused({ ...prices, usdPerGbSecond: -1 }, /plan\.prices\.usdPerGbSecond/);
    refused({ ...prices, memoryMb: { ...prices.memoryMb, step: 0 } }, /plan\.prices\.memoryMb\.step/);
    refused({ ...prices, usdPerHour: 1 }, /plan\.prices\.usdPerHour/);
    const options = { functions: two, deadlineMs: 1_000, prices: { usdPerCoreHour: 1 } as never };
    expectRefusal(() => planRentedWorkers(options), "DF_OPTION_INVALID", /plan\.prices\.usdPerGbHour/);
  });
});
