import { expect, test } from "vitest";
import { dashboard, queries } from "./dashboard-queries.fixture.js";
import { filledMetrics } from "./experiment-samples.fixture.js";
import { metricNames } from "./metric-names.js";
import { parsePrometheusText } from "./prometheus-text.fixture.js";

/** What a query names: words with an underscore that no quotes, braces or brackets hold, and that are not called. */
function metricsOf(query: string): string[] {
  const bare = query.replaceAll(/"[^"]*"/g, "").replaceAll(/\{[^}]*\}/g, " ");
  return bare.match(/\b[a-z]+_[a-z0-9_]+\b(?!\()/g) ?? [];
}

test("every metric that the dashboard asks for is one that is served, and all of the experiments' are on it", async () => {
  const families = parsePrometheusText(await filledMetrics().registry.metrics());
  const served = new Set([...families.values()].flatMap(({ readings }) => readings.map(({ name }) => name)));
  const asked = queries.flatMap(({ query }) => metricsOf(query));
  const variables = dashboard.templating.list.flatMap(({ definition }) =>
    metricsOf(definition.replace(/^label_values\((.*), \w+\)$/, "$1")),
  );
  expect([...asked, ...variables].filter((name) => !served.has(name))).toEqual([]);
  expect(variables).toHaveLength(3);
  for (const name of Object.values(metricNames)) expect(asked.some((one) => one.startsWith(name))).toBe(true);
});

test("names are found in queries", () => {
  expect(metricsOf('histogram_quantile(0.9, sum by (le) (a_bucket{x="b_c"})) / on (le) d_total or vector(0)')).toEqual([
    "a_bucket",
    "d_total",
  ]);
});
