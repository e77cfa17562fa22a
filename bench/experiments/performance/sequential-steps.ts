import { z } from "zod";
import { availableRows, ROWS, type Row } from "../../benchmarks/durable-peers/rows.js";
import type { DurableHopSample } from "../../harness/measurements/durable-hops.js";
import { microseconds } from "../../report/quantities.js";
import { count, listOf } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { Absent, experiment, type Variant } from "../experiment.js";

interface StepsVariant extends Variant, Pick<Row, "contender" | "store" | "durability" | "commit"> {
  readonly runs: number;
}

const WARMUP_RUNS = 5;
/** Flows are trees and say nothing of hops; Restate is measured where it is installed: npm run bench -- durable-peers. */
const rows = ROWS.filter(({ contender }) => contender === "dataflower" || contender === "bullmq-jobs");

/** Those whose numbers stand in the headline, of the strict ones. */
const TOLD = ["DataFlower, lmdb", "DataFlower, redis", "BullMQ"];

/** Forty tasks after each other, one run in flight: what each step waits for the one before it to be kept. */
export default experiment({
  name: "sequential_steps",
  category: "performance",
  question: "How long does a step wait until the one before it is kept?",
  config: { num_workflows: count.max(10_000), durabilities: listOf(z.enum(["process", "disk"])) },
  variants: ({ num_workflows, durabilities }): StepsVariant[] =>
    rows
      .filter(({ durability }) => durabilities.includes(durability))
      .map(({ title, contender, store, durability, commit, fsync }) => ({
        key: title,
        labels: { contender: title, store, durability, commit, fsync },
        contender,
        store,
        durability,
        commit,
        runs: num_workflows,
      })),
  async measure({ contender, store, durability, commit, runs }, { unit, cores }) {
    if (!availableRows(undefined).rows.some((row) => row.store === store)) throw new Absent("redis-server is not installed");
    const parameters = { measure: "durable-hops", threads: cores, store, durability, commit, warmupRuns: WARMUP_RUNS, runs } as const;
    const [sample] = (await unit({ contender, workloads: ["hops"], parameters })) as [DurableHopSample]; // as: what this measurement prints
    return { latencies: { hop: sample.hops } };
  },
  headline({ variants }) {
    const told = variants.filter(({ key }) => TOLD.some((start) => key.startsWith(start)) && !/pipelined|always/.test(key));
    const found = told.flatMap(({ key, latencies: { hop } }) => (hop?.p50 === undefined ? [] : [`${key} ${microseconds(hop.p50)}`]));
    return found.length === 0 ? "not measured" : `P50 of a step: ${found.join("; ")}`;
  },
  figure: (summary) => [
    {
      kind: "bars",
      name: "sequential-steps",
      title: "How long does a step wait until the one before it is kept?",
      subtitle: subtitleOf(summary, "40 steps after each other, one run in flight; P50"),
      x: { name: "µs from the end of a step to the start of the next", scale: "log" },
      format: "us",
      bars: summary.variants.map(({ key, latencies }) => ({
        name: key,
        value: latencies.hop?.p50,
        isHighlighted: key.startsWith("DataFlower"),
      })),
    },
  ],
});
