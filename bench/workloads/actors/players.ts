import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";

export type PlayerMessage =
  | { readonly kind: "ball"; readonly number: number; readonly left: number; readonly from: ActorRef<PlayerMessage> }
  | {
      readonly kind: "play";
      readonly with: ActorRef<PlayerMessage>;
      readonly balls: number;
      readonly hits: number;
      readonly replyTo: ActorRef<number>;
    };

/** Hits each ball back until it has been hit often enough; answers how many hits all balls have had when all have ended. */
export const player = defineActor((context: ActorContext<PlayerMessage>) => {
  let game: Extract<PlayerMessage, { kind: "play" }> | undefined;
  let ended = 0;
  return (message) => {
    if (message.kind === "play") {
      game = message;
      ended = 0;
      for (let number = 0; number < message.balls; number++)
        message.with.tell({ kind: "ball", number, left: message.hits - 1, from: context.self });
    } else if (message.left > 0) message.from.tell({ kind: "ball", number: message.number, left: message.left - 1, from: context.self });
    else {
      ended += 1;
      if (game !== undefined && ended === game.balls) game.replyTo.tell(game.balls * game.hits);
    }
  };
});

export const playerSource = { module: import.meta.url, export: "player" } as const;
