import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";

export type IdleMessage =
  | { readonly kind: "count"; readonly amount: number }
  | { readonly kind: "sum"; readonly replyTo: ActorRef<number> };

/** The state of a small actor: one number, and a handler that closes over it. */
export const idle = defineActor((_: ActorContext<IdleMessage>) => {
  let sum = 0;
  return (message) => {
    if (message.kind === "count") sum += message.amount;
    else message.replyTo.tell(sum);
  };
});
