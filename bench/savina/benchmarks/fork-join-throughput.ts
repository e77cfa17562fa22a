import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { flood, mustBe, patience, type Savina } from "../savina.js";

type ThroughputMessage = { readonly kind: "work" } | { readonly kind: "count"; readonly replyTo: ActorRef<number> };

interface Feed {
  readonly to: readonly ActorRef<ThroughputMessage>[];
  readonly count: number;
  readonly replyTo: ActorRef<number>;
}

const actors = 60;

export const worker = defineActor((_: ActorContext<ThroughputMessage>) => {
  let count = 0;
  let value = 37.2;
  return (message) => {
    if (message.kind === "count") message.replyTo.tell(Number.isFinite(value) ? count : -1);
    else {
      value = Math.sin(value) ** 2 + 1;
      count += 1;
    }
  };
});

export const feeder = defineActor((_: ActorContext<Feed>) => async ({ to, count, replyTo }: Feed) => {
  await Promise.all(to.map((one) => flood(one, count, () => ({ kind: "work" }))));
  replyTo.tell(to.length);
});

/** One actor feeds many with messages. */
export const forkJoinThroughput: Savina = {
  name: "fork-join throughput",
  sized: "messages to each of 60 actors",
  sizes: { full: 10_000, tenth: 1_000, tiny: 20 },
  async run(place, count) {
    const module = import.meta.url;
    const to = await place.spawnAll<typeof worker>(actors, { module, export: "worker" });
    const from = await place.spawn<typeof feeder>(0, { module, export: "feeder" });
    mustBe(await from.ask({ to, count }, patience), actors, "actors that were fed");
    for (const one of to) mustBe(await one.ask({ kind: "count" }, patience), count, "messages of an actor");
    return actors * count;
  },
};
