import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Bells } from "../../../runtime/worker/bells.js";
import { Links } from "../../../runtime/worker/links.js";
import { monotonicMs } from "../../harness/clock.js";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { mustHold } from "../operation.js";
import { HEARD, type HopCount, openPair, PARTNER, type Pair, RUNG } from "./pair.js";

/** Between two rings, in ms: the other thread is back in its spin by then, or fast asleep in its event loop. */
const SPINNING_PAUSE_MS = 0.02;
const ASLEEP_PAUSE_MS = 1;
const SPIN_US = 1_000;
/** The event loop gets a turn after so many rings, to hear of errors. */
const RINGS_PER_TURN = 100;
const HEARD_WITHIN_MS = 5_000;

/**
 * From the ring of a thread that is busy until the other one looks for what there is: one way, on a clock that both share. Reading it is
 * in the figure.
 *
 * @returns the latencies, encoded
 */
export async function measureDoorbell({ warmup, count, isAsleep }: HopCount): Promise<string> {
  const pair = await openPair("./doorbell-thread.js", isAsleep ? 0 : SPIN_US);
  const links = new Links(pair.regions.doorbells, undefined, () => {});
  links.adopt(pair.link);
  const ringer = new Ringer(pair, new Bells(pair.regions.doorbells, links, pair.regions.plan.workers), isAsleep);
  for (let ring = 0; ring < warmup + count; ring++) {
    if (ring % RINGS_PER_TURN === 0) await nextTurn();
    ringer.prepare();
    ringer.ring(ring >= warmup);
  }
  pair.worker.postMessage("report");
  const [latency] = (await once(pair.worker, "message")) as [string]; // what doorbell-thread.ts posts
  await pair.worker.terminate();
  links.close();
  mustHold(LatencyHistogram.merged([latency]).count === count, "every ring must be heard once");
  return latency;
}

/** Rings the partner of a pair, one ring after the other, and is busy meanwhile. */
class Ringer {
  readonly #pair: Pair;
  readonly #bells: Bells;
  readonly #isAsleep: boolean;
  #rung = 0;

  constructor(pair: Pair, bells: Bells, isAsleep: boolean) {
    this.#pair = pair;
    this.#bells = bells;
    this.#isAsleep = isAsleep;
  }

  /** Waits until the partner is as it should be: asleep, or in its spin. One that should spin and sleeps is rung first. */
  prepare(): void {
    const { doorbells } = this.#pair.regions;
    if (this.#isAsleep) waitUntil(() => doorbells.isAsleep(PARTNER));
    else if (doorbells.isAsleep(PARTNER)) this.ring(false);
    const until = performance.now() + (this.#isAsleep ? ASLEEP_PAUSE_MS : SPINNING_PAUSE_MS);
    waitUntil(() => performance.now() >= until);
  }

  ring(counts: boolean): void {
    const { rungAt, rings } = this.#pair.notes;
    this.#rung += 1;
    rungAt[0] = counts ? monotonicMs() : 0;
    Atomics.store(rings, RUNG, this.#rung); // pairs with the load of the partner
    this.#bells.ring(PARTNER);
    waitUntil(() => Atomics.load(rings, HEARD) === this.#rung);
  }
}

function waitUntil(holds: () => boolean): void {
  const until = performance.now() + HEARD_WITHIN_MS;
  while (!holds()) mustHold(performance.now() < until, "the other thread must do its part within 5 s");
}
