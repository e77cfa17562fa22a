import { describe, expect, test } from "vitest";
import type { Sample } from "../../experiments/sample.js";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { ExperimentMetrics, type ExperimentMetricsOptions } from "./experiment-metrics.js";
import { latencyBuckets } from "./latency-series.js";
import { metricNames, PROCESS_PREFIX } from "./metric-names.js";
import { type Family, parsePrometheusText, reading } from "./prometheus-text.fixture.js";

const of = { category: "performance", experiment: "latency" } as const;
const unit = { ...of, elapsedMs: 1_500 };

function sample(fields: Partial<Sample> = {}): Sample {
  return { variant: "dataflower", round: 0, stealShare: 0, repeats: 0, ...fields };
}

function encoded(...ms: readonly number[]): string {
  const histogram = LatencyHistogram.empty();
  for (const one of ms) histogram.recordMs(one);
  return histogram.encoded();
}

async function familiesOf(act: (metrics: ExperimentMetrics) => void, options: ExperimentMetricsOptions = {}): Promise<Map<string, Family>> {
  const metrics = new ExperimentMetrics({ hasProcess: false, ...options });
  act(metrics);
  return parsePrometheusText(await metrics.registry.metrics());
}

const readings = (families: ReadonlyMap<string, Family>, name: string) => families.get(name)?.readings ?? [];
const leftOut = (families: ReadonlyMap<string, Family>, reason: string) => reading(families, metricNames.leftOut, { reason });

test("says how far the run is", async () => {
  const families = await familiesOf((metrics) => {
    metrics.planned({ ...of, units: 12 });
    for (const absent of [undefined, undefined, "no Redis here"])
      metrics.measured(sample({ ...(absent !== undefined && { absent }) }), unit);
    metrics.measured(sample(), { ...unit, elapsedMs: 31_000 });
    metrics.failed(of);
  });
  expect(reading(families, metricNames.planned, of)).toBe(12);
  const outcomes = readings(families, metricNames.units).map(({ labels, value }) => [labels.outcome, value]);
  expect(outcomes).toEqual([
    ["measured", 3],
    ["absent", 1],
    ["failed", 1],
  ]);
  expect(reading(families, `${metricNames.unitSeconds}_sum`)).toBeCloseTo(35.5);
  expect(reading(families, `${metricNames.unitSeconds}_bucket`, { le: "2.5" })).toBe(3);
});

test("says what was found: medians of the rounds so far, shares of all of them", async () => {
  const families = await familiesOf((metrics) => {
    for (const [round, value] of [10, 30, 20, 1_000].entries())
      metrics.measured(sample({ round, metrics: { tasksPerSecond: value }, shares: { success: { hits: round, of: 10 } } }), unit);
    metrics.measured(sample({ variant: "async", metrics: { tasksPerSecond: 7 } }), unit);
  });
  const labels = { ...of, variant: "dataflower" };
  expect(reading(families, metricNames.metric, { ...labels, metric: "tasksPerSecond" })).toBe(25);
  expect(reading(families, metricNames.metric, { ...of, variant: "async" })).toBe(7);
  expect(reading(families, metricNames.share, { ...labels, share: "success" })).toBeCloseTo(6 / 40);
});

test("latencies of all rounds are one histogram, as if they had been merged before they were counted", async () => {
  const rounds = [
    [0.02, 0.3, 4],
    [4, 50],
    [600, 7_000, 90_000],
  ];
  const families = await familiesOf((metrics) => {
    for (const [round, ms] of rounds.entries()) metrics.measured(sample({ round, latencies: { run: encoded(...ms) } }), unit);
  });
  const merged = LatencyHistogram.merged(rounds.map((ms) => encoded(...ms)));
  const counts = merged.countsAtMost(latencyBuckets.map((seconds) => seconds * 1e3));
  const labels = { ...of, variant: "dataflower", latency: "run" };
  expect(
    readings(families, metricNames.latency)
      .filter(({ labels: { le } }) => le !== undefined)
      .map(({ value }) => value),
  ).toEqual([...counts, 8]);
  expect(reading(families, `${metricNames.latency}_bucket`, { ...labels, le: "0.005" })).toBe(4);
  expect(reading(families, `${metricNames.latency}_bucket`, { ...labels, le: "60" })).toBe(8);
  expect(reading(families, `${metricNames.latency}_sum`) / (merged.sumMs / 1e3)).toBeCloseTo(1, 5);
  expect(reading(families, `${metricNames.latency}_sum`) / 67.65832).toBeCloseTo(1, 3);
});

test("the process that runs the experiments is measured too", async () => {
  const families = parsePrometheusText(await new ExperimentMetrics().registry.metrics());
  expect(reading(families, `${PROCESS_PREFIX}process_resident_memory_bytes`)).toBeGreaterThan(1e6);
});

describe("nothing that a sample holds breaks the metrics", () => {
  const names = ['"} 1\nfake 42', "<img src=x onerror=alert(1)>", "\x1b[2J\x1b]0;owned\x07", "\\", "a\r\nb", "\ud800", "__proto__", ""];

  test("names are inert in every place", async () => {
    const families = await familiesOf((metrics) => {
      for (const name of names) {
        const all = { metrics: { [name]: 1 }, shares: { [name]: { hits: 1, of: 1 } }, latencies: { [name]: encoded(1) } };
        metrics.measured(sample({ variant: name, ...all }), { category: name, experiment: name, elapsedMs: 1 });
        metrics.planned({ category: name, experiment: name, units: 1 });
      }
    });
    expect([...families.keys()].sort()).toEqual(Object.values(metricNames).sort());
    const variants = readings(families, metricNames.metric).map(({ labels }) => labels.variant);
    expect(variants).toEqual(['"} 1�fake 42', names[1], "�[2J�]0;owned�", "\\", "a��b", "�", "__proto__", ""]);
  });

  test("what is no finite number is left out and counted", async () => {
    const families = await familiesOf((metrics) => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
        metrics.measured(sample({ metrics: { value, right: 1 } }), { ...unit, elapsedMs: value });
      metrics.measured(sample({ shares: { none: { hits: 0, of: 0 } } }), unit);
      metrics.planned({ ...of, units: Number.NaN });
    });
    expect(leftOut(families, "no finite number")).toBe(6);
    expect(reading(families, metricNames.metric)).toBe(1);
  });

  test("latencies that cannot be read are left out and counted", async () => {
    const families = await familiesOf((metrics) => {
      for (const broken of ["", "AAAA", "not base64 at all", encoded(1).slice(0, -8)])
        metrics.measured(sample({ latencies: { run: broken } }), unit);
      metrics.measured(sample({ latencies: { run: encoded(1) } }), unit);
    });
    expect(leftOut(families, "unreadable latencies")).toBe(4);
    expect(reading(families, `${metricNames.latency}_count`)).toBe(1);
  });

  test("series have a limit: what is known goes on, what is new is left out and counted", async () => {
    const families = await familiesOf(
      (metrics) => {
        for (const round of [0, 1])
          for (let variant = 0; variant < 50; variant++) {
            const found = { metrics: { value: round }, latencies: { run: encoded(1) } };
            metrics.measured(sample({ variant: `v${variant}`, round, ...found }), unit);
          }
      },
      { seriesMax: 10, latencySeriesMax: 3 },
    );
    expect(readings(families, metricNames.metric).map(({ value }) => value)).toEqual(Array.from({ length: 10 }, () => 0.5));
    expect(
      readings(families, `${metricNames.latency}`)
        .filter(({ name }) => name.endsWith("_count"))
        .map(({ value }) => value),
    ).toEqual([2, 2, 2]);
    expect(leftOut(families, "too many series")).toBe(2 * 40 + 2 * 47);
    expect(reading(families, metricNames.units)).toBe(100);
  });

  test("no password gets into them", async () => {
    const canary = "canary-3f9a";
    const url = `redis://me:${canary}@127.0.0.1:6379`;
    const metrics = new ExperimentMetrics();
    metrics.measured(sample({ absent: `Cannot connect to ${url}`, details: { url }, facts: { url } }), unit);
    metrics.measured(
      sample({ variant: url, metrics: { [url]: 1 }, shares: { [url]: { hits: 1, of: 1 } }, latencies: { [url]: encoded(1) } }),
      {
        ...unit,
        experiment: url,
      },
    );
    metrics.planned({ category: url, experiment: url, units: 1 });
    const text = await metrics.registry.metrics();
    expect(text).toContain("redis://***@127.0.0.1:6379");
    expect(text).not.toContain(canary);
  });
});
