import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

type PingMessage =
  | { readonly kind: "start"; readonly pong: ActorRef<PongMessage>; readonly count: number; readonly replyTo: ActorRef<number> }
  | { readonly kind: "pong" };

interface PongMessage {
  readonly from: ActorRef<PingMessage>;
}

export const ping = defineActor((context: ActorContext<PingMessage>) => {
  let game: Extract<PingMessage, { kind: "start" }>;
  let pongs = 0;
  const hit = () => void game.pong.tell({ from: context.self });
  return (message) => {
    if (message.kind === "start") game = message;
    else pongs += 1;
    if (pongs < game.count) hit();
    else game.replyTo.tell(pongs);
  };
});

export const pong = defineActor(
  (_: ActorContext<PongMessage>) =>
    ({ from }) =>
      void from.tell({ kind: "pong" }),
);

/** Two actors send one message to and fro. */
export const pingPong: Savina = {
  name: "ping-pong",
  sized: "pings",
  sizes: { full: 40_000, tenth: 4_000, tiny: 100 },
  async run(place, count) {
    const module = import.meta.url;
    const first = await place.spawn<typeof ping>(0, { module, export: "ping" });
    const second = await place.spawn<typeof pong>(1, { module, export: "pong" });
    mustBe(await first.ask({ kind: "start", pong: second, count }, patience), count, "pongs");
    return 2 * count;
  },
};
