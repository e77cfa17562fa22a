import { parentPort, workerData } from "node:worker_threads";
import { openRegions } from "../../../runtime/memory/regions.js";
import { monotonicMs } from "../../harness/clock.js";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { HEARD, PARTNER, type PartnerData, RUNG } from "./pair.js";
import { Side } from "./side.js";

/** The thread that is rung by doorbell.ts: it notes how long each ring took to be heard, and gives the histogram when it is asked. */
const { buffer, plan, link, spinUs, notes } = workerData as PartnerData; // set by openPair()
const latency = LatencyHistogram.empty();
let heard = 0;

function drain(): boolean {
  const rung = Atomics.load(notes.rings, RUNG); // pairs with the store of the starter: rungAt is of this ring
  if (rung === heard) return false;
  const rungAt = notes.rungAt[0]!; // it has one
  if (rungAt > 0) latency.recordMs(monotonicMs() - rungAt);
  heard = rung;
  Atomics.store(notes.rings, HEARD, heard);
  return true;
}

new Side({ regions: openRegions(buffer, plan), me: PARTNER, link, spinUs, drain }).begin();
parentPort?.on("message", () => parentPort?.postMessage(latency.encoded()));
parentPort?.postMessage("ready");
