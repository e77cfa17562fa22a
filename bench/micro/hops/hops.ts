import { measureDoorbell } from "./doorbell.js";
import { measurePingPong } from "./ping-pong.js";

/** How long it takes to get from one thread to another, and what is waiting for it there. */
export interface ThreadHopsParameters {
  readonly measure: "thread-hops";
  /** To threads that spin, each. */
  readonly spinning: number;
  /** To threads that sleep, each. */
  readonly asleep: number;
}

export interface HopsSample {
  readonly hops: readonly Hops[];
}

export interface Hops {
  readonly name: string;
  /** See LatencyHistogram. */
  readonly latency: string;
}

const WARMUP_SHARE = 0.1;

/** One kind after the other. Rejects when one is not made, or made twice. */
export async function measureThreadHops({ spinning, asleep }: ThreadHopsParameters): Promise<HopsSample> {
  const warm = { warmup: Math.ceil(spinning * WARMUP_SHARE), count: spinning, isAsleep: false };
  const cold = { warmup: Math.ceil(asleep * WARMUP_SHARE), count: asleep, isAsleep: true };
  return {
    hops: [
      { name: "doorbell: to a thread that spins", latency: await measureDoorbell(warm) },
      { name: "doorbell: to a thread asleep in its event loop", latency: await measureDoorbell(cold) },
      { name: "ping-pong: actor to actor and back, both threads spin", latency: await measurePingPong(warm) },
      { name: "ping-pong: actor to actor and back, both threads asleep", latency: await measurePingPong(cold) },
    ],
  };
}
