import { after } from "../../../runtime/observe/system-clock.js";
import { monotonicMs } from "../../harness/clock.js";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { mustHold } from "../operation.js";
import { answerTo, type Ball, Balls } from "./balls.js";
import { type HopCount, openPair, PARTNER, STARTER } from "./pair.js";
import { Side } from "./side.js";

/** Between two balls, in ms: both threads are fast asleep by then. */
const ASLEEP_PAUSE_MS = 1;
const SPIN_US = 1_000;

type PingMessage = Ball | { readonly kind: "serve" };

/**
 * An actor tells one on another thread something and hears its answer: out through the byte ring, a ring of the bell, the loop of the other
 * thread, its actor, and all the way back.
 *
 * @returns the times of round trips, encoded
 */
export async function measurePingPong({ warmup, count, isAsleep }: HopCount): Promise<string> {
  const spinUs = isAsleep ? 0 : SPIN_US;
  const { worker, regions, link } = await openPair("./ping-pong-thread.js", spinUs);
  const balls = new Balls(regions, STARTER, PARTNER);
  const latency = LatencyHistogram.empty();
  const side = new Side({ regions, me: STARTER, link, spinUs, drain: () => balls.drain((ball) => ping.tell(ball)) });
  let served = 0;
  let servedAt = 0;
  let end = () => {};
  const ping = side.spawn<PingMessage>("ping", (message) => {
    if (message.kind === "ball") take(message);
    else if (isAsleep && !regions.doorbells.isAsleep(PARTNER)) serveLater();
    else serve();
  });
  const serveLater = (): void => void after(ASLEEP_PAUSE_MS, () => ping.tell({ kind: "serve" }));
  function serve(): void {
    served += 1;
    servedAt = monotonicMs();
    balls.send(served);
    side.bells.ring(PARTNER);
  }
  function take({ number }: Ball): void {
    const tookMs = monotonicMs() - servedAt;
    mustHold(number === answerTo(served), "the answer must be that to the last ball");
    if (served > warmup) latency.recordMs(tookMs);
    if (served === warmup + count) end();
    else if (isAsleep) serveLater();
    else ping.tell({ kind: "serve" });
  }
  await new Promise<void>((resolve, reject) => {
    end = resolve;
    worker.once("error", reject);
    side.begin();
    ping.tell({ kind: "serve" });
  });
  side.close();
  await worker.terminate();
  mustHold(latency.count === count, "every ball must come back once");
  return latency.encoded();
}
