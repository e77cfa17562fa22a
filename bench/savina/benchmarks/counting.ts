import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { flood, mustBe, patience, type Savina } from "../savina.js";

type CounterMessage = { readonly kind: "increment" } | { readonly kind: "retrieve"; readonly replyTo: ActorRef<number> };

interface Produce {
  readonly to: ActorRef<CounterMessage>;
  readonly count: number;
  readonly replyTo: ActorRef<number>;
}

export const counter = defineActor((_: ActorContext<CounterMessage>) => {
  let count = 0;
  return (message) => {
    if (message.kind === "increment") count += 1;
    else message.replyTo.tell(count);
  };
});

export const producer = defineActor((_: ActorContext<Produce>) => async ({ to, count, replyTo }: Produce) => {
  await flood(to, count, () => ({ kind: "increment" }));
  to.tell({ kind: "retrieve", replyTo });
});

/** One actor tells another one to count. */
export const counting: Savina = {
  name: "counting",
  sized: "increments",
  sizes: { full: 1_000_000, tenth: 100_000, tiny: 1_000 },
  async run(place, count) {
    const module = import.meta.url;
    const to = await place.spawn<typeof counter>(1, { module, export: "counter" });
    const from = await place.spawn<typeof producer>(0, { module, export: "producer" });
    mustBe(await from.ask({ to, count }, patience), count, "increments");
    return count;
  },
};
