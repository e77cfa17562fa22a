import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";

export interface Question {
  readonly question: number;
  readonly replyTo: ActorRef<number>;
}

/** Adds one. */
export const answerer = defineActor(
  (_: ActorContext<Question>) =>
    ({ question, replyTo }) =>
      void replyTo.tell(question + 1),
);

export const answererSource = { module: import.meta.url, export: "answerer" } as const;
