import type { Distribution, SimulationResult } from "../simulation/simulation-result.js";
import { printableLine } from "./printable.js";

const columns = ["n", "mean", "P50", "P90", "P99", "max"] as const;

/** A simulation for people. */
export function simulationTable(result: Omit<SimulationResult, "learned">): string {
  const { scheduler, dispatch, seed, machines, cores, runs, failedRuns, tasks, makespanMs, deadlineMisses, costUsd, utilisation } = result;
  const facts = [
    printableLine(`${grouped(runs)} runs, ${grouped(tasks)} attempts on ${grouped(machines)} machines (${grouped(cores)} cores)`),
    printableLine(`scheduler ${scheduler}, dispatch ${dispatch}, seed ${seed}`),
    `makespan ${duration(makespanMs)}, utilisation ${(utilisation * 100).toFixed(1)} %, cost ${costUsd.toFixed(2)} USD`,
    `failed runs ${grouped(failedRuns)}, deadline misses ${grouped(deadlineMisses)}`,
  ];
  return `${facts.join("\n")}\n\n${distributions(result)}\n`;
}

function distributions({ waitMs, slowdown }: Pick<SimulationResult, "waitMs" | "slowdown">): string {
  const table = [
    ["", ...columns],
    ["wait", ...cells(waitMs, duration)],
    ["slowdown", ...cells(slowdown, (ratio) => ratio.toPrecision(3))],
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  return table.map(line).join("\n");
}

const cells = ({ count, mean, p50, p90, p99, max }: Distribution, shown: (value: number) => string): string[] => [
  grouped(count),
  ...[mean, p50, p90, p99, max].map(shown),
];

const grouped = (count: number): string => count.toLocaleString("en-US");

const duration = (ms: number): string =>
  ms < 1_000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1_000).toLocaleString("en-US", { maximumFractionDigits: 1 })} s`;
