import { microseconds } from "../../report/quantities.js";
import { type ClaimDefinition, together } from "./claim.js";

const P50_US_MAX = 100_000;
const P99_US_MAX = 1_000_000;
/** DataFlower's two profiles, at half of what each can do. */
const OURS = "DataFlower";
const LOAD = "50 %";

export const latencyClaim: ClaimDefinition = {
  name: "latency",
  statement: "P50 below 100 ms and P99 below 1 s",
  source: "the research system that this one re-creates",
  category: "performance",
  experiment: "latency",
  assess({ variants }) {
    const ours = variants.filter(({ key, latencies }) => key.startsWith(OURS) && latencies[LOAD]);
    const found = ours.map(({ key, latencies }) => ({ key, ...latencies[LOAD]! }));
    const [first] = found;
    // A generator that is late makes latencies longer, never shorter; a load that was not kept up with has none.
    const isKeptUp = ours.every(({ shares }) => shares[`kept up at ${LOAD}`]?.median === 1);
    if (first === undefined || !isKeptUp || found.some(({ p99 }) => p99 === undefined)) return undefined;
    return {
      figure: `P50 ${microseconds(first.p50)}, P99 ${microseconds(first.p99)}`,
      interval: "",
      verdict: together(
        found.map(({ p50 = Number.NaN, p99 = Number.NaN }) => (p50 < P50_US_MAX && p99 < P99_US_MAX ? "holds" : "does not hold")),
      ),
      note: `runs of ten tasks at half of the capacity; ${found.map(({ key, count, p50, p99 }) => `${key}: P50 ${microseconds(p50)}, P99 ${microseconds(p99)} of ${count}`).join("; ")}`,
    };
  },
};
