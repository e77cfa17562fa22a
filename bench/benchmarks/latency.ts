import { measureKeyedUnits } from "../harness/keyed-units.js";
import type { LinePicture } from "../report/plots/picture.js";
import { count, microseconds, rate } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { Benchmark } from "./benchmark.js";
import { type HopLatency, hopLatencies, hopUnits } from "./hop-latencies.js";
import { type LoadLatency, type LoadSetting, loadLatencies, loadUnit, workersToSpare } from "./load-latencies.js";

const SHARES = [0.1, 0.25, 0.5, 0.7, 0.9];

export const latency: Benchmark = {
  title: "how long tasks take from one worker to another, and runs of ten tasks from their intended start to their answer",
  async measure(options) {
    const settings = settingsFor(options.cores);
    const units = [...hopUnits(options), ...settings.map((setting) => loadUnit(setting, SHARES, options))];
    const { samples, note } = await measureKeyedUnits("latency", units, options);
    const hops = hopLatencies(samples);
    const loads = settings.map((setting) => loadLatencies(setting, samples));
    return {
      text: `${hopTable(hops)}\n\n${HOPS}\n${loadTable(loads.flat())}\n\n${LOADS}${note}`,
      samples,
      summary: { hops, loads: loads.flat() },
      plots: [plotOf("p50", "Median latency", loads), plotOf("p99", "P99 latency", loads)],
    };
  },
};

function settingsFor(cores: number): LoadSetting[] {
  const workers = [...new Set([workersToSpare(cores), cores])];
  return workers.flatMap((count) => (["throughput", "latency"] as const).map((profile) => ({ workers: count, profile })));
}

const HOPS =
  "From the end of the task that makes another one ready to the start of that one on the other worker, by the tasks' own clocks; warm: that worker has\n" +
  "ended a task at the same moment; cold: it has had nothing to do for 5 ms. Stayed: it did not come in time; such a hop counts as the time until then.\n" +
  "Engine: the P50 that it has recorded itself, warm-up included.\n";

const LOADS =
  "Runs of ten tasks, open loop at shares of the capacity, counted from the intended start. Late: how late the generator was; a point is void when that\n" +
  "is over 20 % of its P50. P99 needs 10,000 values.\n";

const right = (titles: readonly string[]) => titles.map((title) => ({ title, align: "right" as const }));

function hopTable(hops: readonly HopLatency[]): string {
  return table(
    [{ title: "hop", align: "left" }, ...right(["n", "P50", "P90", "P99", "max", "stayed", "engine P50"])],
    hops.map(({ kind, count: n, p50, p90, p99, max, stayedShare, ownP50 }) => [
      kind,
      count(n),
      ...[p50, p90, p99, max].map(microseconds),
      `${(stayedShare * 100).toFixed(1)} %`,
      microseconds(ownP50),
    ]),
  );
}

function loadTable(loads: readonly LoadLatency[]): string {
  return table(
    [
      ...right(["workers"]),
      { title: "profile", align: "left" },
      ...right(["load", "capacity/s", "offered/s", "n", "P50", "P90", "P99", "max", "late P50"]),
      { title: "verdict", align: "left" },
    ],
    loads.map((load) => [
      String(load.workers),
      load.profile,
      `${load.share * 100} %`,
      rate(load.capacityPerSecond),
      rate(load.offeredPerSecond),
      count(load.count),
      ...[load.p50, load.p90, load.p99, load.max, load.latenessP50].map(microseconds),
      load.verdict,
    ]),
  );
}

function plotOf(quantile: "p50" | "p99", title: string, loads: readonly (readonly LoadLatency[])[]): LinePicture {
  return {
    kind: "lines",
    name: `load-${quantile}`,
    title: `${title} of runs of ten tasks`,
    subtitle: "open loop, from the intended start to the answer; a gap where the point is void or has too few runs",
    x: { name: "offered load, in % of the capacity" },
    y: { name: "latency in µs", scale: "log" },
    lines: loads.map((ofSetting) => ({
      name: `${workersOf(ofSetting[0]?.workers ?? 0)}, ${ofSetting[0]?.profile}`,
      points: ofSetting.map((load) => ({ x: load.share * 100, y: load.verdict === "ok" ? load[quantile] : undefined })),
    })),
  };
}

const workersOf = (count: number) => (count === 1 ? "1 worker" : `${count} workers`);
