import type { Benchmark } from "./benchmark.js";

/** Everything that `npm run bench` measures, by name; each is imported only where it runs. */
const benchmarks = {
  ladder: async () => (await import("./ladder.js")).ladder,
  micro: async () => (await import("./micro.js")).micro,
  peers: async () => (await import("./peers.js")).peers,
  "durable-peers": async () => (await import("./durable-peers.js")).durablePeers,
  curves: async () => (await import("./curves.js")).curves,
  latency: async () => (await import("./latency.js")).latency,
  memory: async () => (await import("./memory.js")).memory,
  metg: async () => (await import("./metg.js")).metg,
  schedulers: async () => (await import("./schedulers.js")).schedulers,
  savina: async () => (await import("./savina.js")).savina,
  start: async () => (await import("./start.js")).start,
} satisfies Record<string, () => Promise<Benchmark>>;

export const benchmarkNames = Object.keys(benchmarks);

export async function benchmarkOf(name: string): Promise<Benchmark | undefined> {
  return Object.hasOwn(benchmarks, name) ? benchmarks[name as keyof typeof benchmarks]() : undefined; // as: hasOwn has just shown it
}
