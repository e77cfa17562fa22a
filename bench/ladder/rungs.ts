import type { Contender } from "../peers/graph/contender.js";

/** A way to execute the same graph that promises one thing more than the rung before it. */
export interface Rung {
  readonly name: string;
  /** What it adds, in words. */
  readonly adds: string;
  /** Threads that execute tasks. */
  threadsOf(cores: number): number;
  /** Imported only where it runs, so that none pays for another's modules. */
  contender(): Promise<Contender>;
}

const one = (): number => 1;
const all = (cores: number): number => cores;

/** From the bottom up. The engine's own rungs are contenders that other benchmarks measure too. */
export const rungs: readonly Rung[] = [
  {
    name: "loop",
    adds: "bare loop, values by reference",
    threadsOf: one,
    contender: async () => (await import("../peers/graph/sequential.js")).contender,
  },
  { name: "copies", adds: "+ isolation by copy", threadsOf: one, contender: async () => (await import("./copies.js")).copies },
  { name: "actors", adds: "+ actors: each task by itself", threadsOf: one, contender: async () => (await import("./actors.js")).actors },
  {
    name: "histograms",
    adds: "+ clock and histograms",
    threadsOf: one,
    contender: async () => (await import("./actors.js")).measuredActors,
  },
  { name: "thread", adds: "+ engine, one worker thread", threadsOf: one, contender: engineOnce },
  { name: "threads", adds: "+ as many worker threads as cores", threadsOf: all, contender: engineOnce },
  {
    name: "attempts",
    adds: "+ time-outs and retries",
    threadsOf: all,
    contender: async () => (await import("../peers/graph/dataflower.js")).contender,
  },
  {
    name: "journal",
    adds: "+ journal in LMDB, pipelined commits",
    threadsOf: all,
    contender: async () => (await import("./durable.js")).durably({ durability: "process", commit: "pipelined" }),
  },
  {
    name: "strict",
    adds: "+ strict commits",
    threadsOf: all,
    contender: async () => (await import("./durable.js")).durably({ durability: "process", commit: "strict" }),
  },
  {
    name: "disk",
    adds: "+ every commit flushed to the disk",
    threadsOf: all,
    contender: async () => (await import("./durable.js")).durably({ durability: "disk", commit: "strict" }),
  },
];

async function engineOnce(): Promise<Contender> {
  return (await import("../peers/graph/dataflower-once.js")).contender;
}

export async function rungOf(name: string): Promise<Contender> {
  const rung = rungs.find((known) => known.name === name);
  if (!rung) throw new Error(`Cannot measure as the rung must be one of ${rungs.map((known) => known.name).join(", ")}: ${name}`);
  return rung.contender();
}
