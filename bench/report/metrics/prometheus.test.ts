import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort, ServerProcess } from "../../harness/server-process.js";
import { queries } from "./dashboard-queries.fixture.js";
import { filledMetrics } from "./experiment-samples.fixture.js";
import { metricNames, PROCESS_PREFIX } from "./metric-names.js";
import { METRICS_PORT, MetricsServer } from "./metrics-server.js";

const configuration = readFileSync(fileURLToPath(new URL("../../../configs/prometheus.yml", import.meta.url)), "utf8");
const has = (command: string) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
const missing = has("prometheus") && has("promtool") ? undefined : "prometheus is not installed";
if (missing !== undefined) {
  console.warn(`SKIPPED what Prometheus makes of the metrics: ${missing}`);
  test.skipIf(process.env.CI !== "true")("prometheus is there", () => expect(missing).toBeUndefined());
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dataflower-prometheus-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function promtool(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync("promtool", [...args], { input, encoding: "utf8" });
  return { status, said: stdout + stderr };
}

/** The configuration that is shipped, for a server at another port, and in more of a hurry. */
function configurationFor(port: number): string {
  const file = join(folder, "prometheus.yml");
  const text = configuration
    .replace(`127.0.0.1:${METRICS_PORT}`, `127.0.0.1:${port}`)
    .replace("scrape_interval: 5s", "scrape_interval: 250ms");
  expect(text).toContain(`["127.0.0.1:${port}"]`);
  expect(text).toContain("250ms");
  writeFileSync(file, text);
  return file;
}

interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
  };
}

async function ask(port: number, query: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
  return (await response.json()) as Answer; // as: what Prometheus documents
}

describe.skipIf(missing !== undefined)("Prometheus", () => {
  test("accepts the configuration", () => {
    const file = join(folder, "shipped.yml");
    writeFileSync(file, configuration);
    expect(promtool(["check", "config", file])).toMatchObject({ status: 0, said: expect.stringContaining("SUCCESS") });
    expect(configuration).toContain(`"127.0.0.1:${METRICS_PORT}"`);
  });

  test("has nothing to say against the names and the text of the metrics", async () => {
    expect(promtool(["check", "metrics"], await filledMetrics().registry.metrics())).toEqual({ status: 0, said: "" });
  });

  test("reads them, and answers the dashboard's questions", { timeout: 60_000 }, async () => {
    const metrics = await MetricsServer.start({ port: 0, registry: filledMetrics().registry });
    const port = await freePort();
    const file = configurationFor(metrics!.port);
    const prometheus = await ServerProcess.start({
      name: "prometheus",
      command: "prometheus",
      args: (data) => [`--config.file=${file}`, `--storage.tsdb.path=${data}/data`, `--web.listen-address=127.0.0.1:${port}`],
      isReady: (output) => output.includes("Server is ready to receive web requests"),
    });
    try {
      await untilScraped(port);
      const labels = `{category="performance",experiment="latency",variant="dataflower",metric="tasksPerSecond"}`;
      expect(await valuesOf(port, `${metricNames.metric}${labels}`)).toEqual([2_000]);
      expect(await valuesOf(port, `${metricNames.metric}{variant="\\"piscina\\"\\\\"}`)).toEqual([1_000]);
      expect(await valuesOf(port, `${metricNames.units}{outcome="absent"}`)).toEqual([1]);
      const [p90] = await valuesOf(port, `histogram_quantile(0.9, ${metricNames.latency}_bucket{variant="dataflower"})`);
      expect(p90! / 0.009).toBeCloseTo(1, 1);
      expect(await valuesOf(port, `${PROCESS_PREFIX}process_resident_memory_bytes > 1e6`)).toHaveLength(1);
      for (const { title, query } of queries) expect((await valuesOf(port, query)).length, title).toBeGreaterThan(0);
    } finally {
      await prometheus.stop();
      await metrics!.close();
    }
  });
});

async function valuesOf(port: number, query: string): Promise<number[]> {
  const { status, data } = await ask(port, query);
  expect(status, query).toBe("success");
  return data.result.map(({ value }) => Number(value[1]));
}

async function untilScraped(port: number): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while ((await ask(port, 'up{job="dataflower"} == 1')).data.result.length === 0 && performance.now() < giveUpAt) await sleep(100);
}
