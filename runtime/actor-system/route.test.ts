import { MessageChannel } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { ActorRegions, planActorRegions } from "./actor-regions.js";
import { type Arrival, Arrivals, bodyOf } from "./arrivals.js";
import { TELL } from "./frames.js";
import { Route } from "./route.js";

const ringBytes = 4096;

/** A route from thread 0 to thread 1, both on this thread. */
function setUp() {
  const plan = planActorRegions(1, ringBytes);
  const regions = new ActorRegions(new SharedArrayBuffer(plan.byteLength), plan);
  const { port1, port2 } = new MessageChannel();
  let sent = 0;
  const route = new Route({ ring: regions.ring(0, 1), port: () => port1, onSent: () => void sent++ });
  const arrivals = new Arrivals(regions.ring(0, 1), () => port2);
  const got: (readonly [number, number])[] = [];
  const drain = (framesMax?: number) =>
    arrivals.drain((arrival: Arrival) => got.push([arrival.number, bodyOf(arrival).reduce((sum, byte) => sum + byte, 0)]), framesMax);
  return { route, drain, got, sentCount: () => sent, close: () => port1.close() };
}

const head = (number: number) => ({ kind: TELL, actor: 1, incarnation: 1, number });
const body = (length: number) => new Uint8Array(length).fill(1);

describe("Route", () => {
  test("keeps the order of frames that fit and of those that do not, and of those that wait", () => {
    const { route, drain, got, sentCount, close } = setUp();
    const lengths = Array.from({ length: 60 }, (_, number) => [0, 10, 900, 5_000][number % 4]!);
    for (const [number, length] of lengths.entries()) expect(route.post(head(number), body(length))).toBe(true);
    expect(route.isBlocked).toBe(true);
    expect(route.offer(head(99), body(0))).toBe(false); // it would overtake those that wait
    while (route.isBlocked) {
      drain();
      route.flush();
    }
    while (drain()) {}
    expect(got).toEqual(lengths.map((length, number) => [number, length]));
    expect(sentCount()).toBe(60);
    close();
  });

  test("lets no frame overtake one that waits, even where there is room for it", () => {
    const { route, drain, got, close } = setUp();
    let number = 0;
    while (!route.isBlocked) route.post(head(number++), body(900));
    drain(1);
    expect(route.offer(head(99), body(0))).toBe(false);
    route.post(head(number++), body(0));
    route.flush();
    while (drain()) route.flush();
    expect(got.map(([one]) => one)).toEqual(Array.from({ length: number }, (_, one) => one));
    close();
  });

  test("keeps the bytes of frames that wait as they were", () => {
    const { route, drain, got, close } = setUp();
    const shared = body(1000);
    for (let number = 0; number < 10; number++) route.post(head(number), shared);
    shared.fill(7);
    while (route.isBlocked) {
      drain();
      route.flush();
    }
    while (drain()) {}
    expect(got.map(([, sum]) => sum)).toEqual(new Array<number>(10).fill(1000));
    close();
  });

  test("passes over a frame whose body was posted to a port that is gone", () => {
    const plan = planActorRegions(1, ringBytes);
    const regions = new ActorRegions(new SharedArrayBuffer(plan.byteLength), plan);
    const route = new Route({ ring: regions.ring(0, 1), port: () => undefined, onSent: () => {} });
    const arrivals = new Arrivals(regions.ring(0, 1), () => undefined);
    route.post(head(1), body(5_000));
    route.post(head(2), body(5));
    const got: number[] = [];
    arrivals.drain(({ number }) => void got.push(number));
    expect(got).toEqual([2]);
  });
});
