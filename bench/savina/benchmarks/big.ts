import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, randomInts, type Savina } from "../savina.js";

type BigMessage =
  | { readonly kind: "start"; readonly all: readonly ActorRef<BigMessage>[]; readonly pings: number; readonly replyTo: ActorRef<number> }
  | { readonly kind: "ping"; readonly from: number }
  | { readonly kind: "pong"; readonly from: number };

const actors = 120;

export const big = defineActor((_: ActorContext<BigMessage>, number: number) => {
  const draw = randomInts(number);
  let work: Extract<BigMessage, { kind: "start" }>;
  let asked = -1;
  let done = 0;
  const ping = () => {
    asked = draw(work.all.length);
    work.all[asked]?.tell({ kind: "ping", from: number });
  };
  return (message) => {
    if (message.kind === "ping") work.all[message.from]?.tell({ kind: "pong", from: number });
    else {
      if (message.kind === "start") work = message;
      else {
        mustBe(message.from, asked, "sender of a pong");
        done += 1;
      }
      if (done < work.pings) ping();
      else work.replyTo.tell(done);
    }
  };
});

/** Each actor pings others at random and waits for each pong. */
export const bigBenchmark: Savina = {
  name: "big",
  sized: "pings of each of 120 actors",
  sizes: { full: 20_000, tenth: 2_000, tiny: 10 },
  async run(place, pings) {
    const source = { module: import.meta.url, export: "big" };
    const all = await Promise.all(Array.from({ length: actors }, (_, number) => place.spawn<typeof big>(number, source, number)));
    // All must know all before the first ping comes.
    const ready = await Promise.all(all.map((actor) => actor.ask({ kind: "start", all, pings: 0 }, patience)));
    mustBe(ready.length, actors, "actors that are ready");
    const done = await Promise.all(all.map((actor) => actor.ask({ kind: "start", all, pings }, patience)));
    mustBe(
      done.reduce((sum, one) => sum + one, 0),
      actors * pings,
      "pongs",
    );
    return 2 * actors * pings;
  },
};
