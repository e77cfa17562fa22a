import type { Duration } from "../authoring/quantity.js";

export interface AskOptions {
  /** Time for the answer to come; then DF_ASK_TIMEOUT. @defaultValue "5s" */
  readonly timeout?: Duration;
  /** Ends the wait with DF_CANCELLED when it aborts. */
  readonly signal?: AbortSignal;
}

/** What an ask is, without the ref that the answer is told to. */
export type Question<Message> = Message extends { readonly replyTo: ActorRef<never> } ? Omit<Message, "replyTo"> : never;

/** What is answered to it. */
export type AnswerTo<Message, Asked> = Message extends { readonly replyTo: ActorRef<infer Answer> }
  ? Asked extends Omit<Message, "replyTo">
    ? Answer
    : never
  : never;

/**
 * The address of an actor: all that anybody else holds of it. It travels in messages and arguments, across threads too.
 *
 * Messages that one actor, or the program, tells and sends to another arrive in that order.
 */
export interface ActorRef<in Message> {
  /** Given by whoever spawned it, or a number. */
  readonly name: string;
  /**
   * Puts a message into the actor's mailbox. False when it was refused: the mailbox of an actor of this thread is full, there is no room in
   * the ring to its thread, somebody waits for room already, or the actor has stopped. The message is a dead letter then. A message that finds the mailbox on another
   * thread full becomes a dead letter there.
   *
   * @throws DF_UNSERIALIZABLE
   */
  tell(message: Message): boolean;
  /**
   * As `tell`, and waits for room: resolves when the message is in the mailbox.
   *
   * @throws DF_UNSERIALIZABLE, DF_ACTOR_STOPPED, DF_WORKER_LOST, DF_MAILBOX_FULL when 1,048,576 wait already
   */
  send(message: Message): Promise<void>;
  /**
   * Asks: tells the actor a message that holds a ref, `replyTo`, to which the actor tells the answer. The promise settles in every case.
   *
   * @param question a message without its `replyTo`, or a function that makes a message around it
   * @throws what `send` throws, DF_ASK_TIMEOUT, DF_CANCELLED, DF_ACTOR_FAILED when its handler throws
   */
  ask<Answer>(question: (replyTo: ActorRef<Answer>) => Message, options?: AskOptions): Promise<Answer>;
  ask<const Asked extends Question<Message>>(question: Asked, options?: AskOptions): Promise<AnswerTo<Message, Asked>>;
  /** Stops the actor after the message it handles now; what waits becomes dead letters. Its children stop first. */
  stop(): void;
}
