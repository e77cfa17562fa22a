import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

type RingMessage =
  | { readonly kind: "next"; readonly actor: ActorRef<RingMessage> }
  | { readonly kind: "token"; readonly hops: number; readonly replyTo: ActorRef<number> };

const members = 100;

export const member = defineActor((_: ActorContext<RingMessage>, number: number) => {
  let next: ActorRef<RingMessage>;
  return (message) => {
    if (message.kind === "next") next = message.actor;
    else if (message.hops === 0) message.replyTo.tell(number);
    else next.tell({ ...message, hops: message.hops - 1 });
  };
});

/** A token goes round a ring of actors. */
export const threadRing: Savina = {
  name: "thread ring",
  sized: "hops round 100 actors",
  sizes: { full: 100_000, tenth: 10_000, tiny: 250 },
  async run(place, hops) {
    const source = { module: import.meta.url, export: "member" };
    const ring = await Promise.all(Array.from({ length: members }, (_, number) => place.spawn<typeof member>(number, source, number)));
    await Promise.all(ring.map((actor, number) => actor.send({ kind: "next", actor: ring[(number + 1) % members]! })));
    mustBe(await ring[0]!.ask({ kind: "token", hops }, patience), hops % members, "last holder of the token");
    return hops;
  },
};
