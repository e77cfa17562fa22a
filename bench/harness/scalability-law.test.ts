import { expect, test } from "vitest";
import { seeded } from "./random.js";
import { fitScalabilityLaw, peakOf, rateBy, type ScalabilityLaw } from "./scalability-law.js";

const concurrencies = [1, 3, 10, 30, 100, 300, 1_000];
const pointsOf = (law: ScalabilityLaw) => concurrencies.map((n) => ({ n, rate: rateBy(law, n) }));

test.each([
  ["linear", { lambda: 20, sigma: 0, kappa: 0 }],
  ["contention alone", { lambda: 1_000, sigma: 0.05, kappa: 0 }],
  ["coherency alone", { lambda: 3, sigma: 0, kappa: 1e-5 }],
  ["both", { lambda: 995.6, sigma: 0.0267, kappa: 0.000769 }],
  ["almost serial", { lambda: 40_000, sigma: 0.6, kappa: 1e-6 }],
])("finds the parameters that rates were made of: %s", (_, law) => {
  const found = fitScalabilityLaw(pointsOf(law))!;
  expect(found.lambda / law.lambda).toBeCloseTo(1, 5);
  expect(found.sigma).toBeCloseTo(law.sigma, 6);
  expect(found.kappa).toBeCloseTo(law.kappa, 8);
});

test("no parameter beside it fits noisy rates better, and none is negative", () => {
  const random = seeded(7);
  for (let round = 0; round < 50; round++) {
    const law = { lambda: 1 + 1e4 * random(), sigma: random() < 0.3 ? 0 : random(), kappa: random() < 0.3 ? 0 : random() * 1e-3 };
    const points = pointsOf(law).map(({ n, rate }) => ({ n, rate: rate * Math.exp(0.2 * (random() - 0.5)) }));
    const errorOf = (one: ScalabilityLaw) => points.reduce((sum, { n, rate }) => sum + Math.log(rate / rateBy(one, n)) ** 2, 0);
    const found = fitScalabilityLaw(points)!;
    expect(found.sigma).toBeGreaterThanOrEqual(0);
    expect(found.kappa).toBeGreaterThanOrEqual(0);
    expect(errorOf(found)).toBeLessThanOrEqual(errorOf(law));
    for (const factor of [0.99, 1.01]) {
      for (const name of ["lambda", "sigma", "kappa"] as const)
        expect(errorOf({ ...found, [name]: found[name] * factor })).toBeGreaterThanOrEqual(errorOf(found) - 1e-9);
    }
  }
});

test("rates that grow faster than linearly are linear at best", () => {
  const found = fitScalabilityLaw(concurrencies.map((n) => ({ n, rate: n ** 1.1 })))!;
  expect([found.sigma, found.kappa]).toEqual([0, 0]);
});

test("two concurrencies do not decide three parameters", () => {
  expect(fitScalabilityLaw([1, 2, 2].map((n) => ({ n, rate: n })))).toBeUndefined();
});

test("one alone has the rate λ, and five what the law says", () => {
  const law = { lambda: 10, sigma: 0.1, kappa: 0.01 };
  expect(rateBy(law, 1)).toBe(10);
  expect(rateBy(law, 5)).toBeCloseTo(31.25, 9);
});

test("the peak is where the rate is highest", () => {
  const law = { lambda: 10, sigma: 0.02, kappa: 1e-4 };
  const peak = peakOf(law);
  expect(rateBy(law, peak)).toBeGreaterThan(rateBy(law, peak * 1.01));
  expect(rateBy(law, peak)).toBeGreaterThan(rateBy(law, peak / 1.01));
  expect(peakOf({ ...law, kappa: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(peakOf({ lambda: 1, sigma: 1.2, kappa: 0.1 })).toBe(1);
});
