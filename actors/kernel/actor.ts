import type { Directive } from "./supervision.js";

/** State and behaviour behind a mailbox. One message at a time; only the actor itself touches its state. */
export interface Actor<Message> {
  /** Handles one message. What it throws is judged by the actor's supervisor. */
  receive(message: Message): void;
  /** Called once when the actor has stopped for good. */
  stopped?(): void;
}

/** The address of an actor: all that anybody else holds of it. */
export interface ActorRef<in Message> {
  readonly name: string;
  /**
   * Puts a message into the mailbox. Messages between two actors arrive in the order they were told.
   *
   * @returns false when it was refused because the mailbox is full or the actor has stopped; the message is then a dead letter
   */
  tell(message: Message): boolean;
  /** Stops the actor after the message it handles now; what waits becomes dead letters. Its children stop first. */
  stop(): void;
}

/** An actor's address for whoever has spawned it. */
export interface SpawnedRef<in Message> extends ActorRef<Message> {
  /** Whether `tell` would put the next message into the mailbox without giving up another one. */
  readonly hasRoom: boolean;
}

/** What is the same for many actors, apart from them. */
export interface SpawnRules {
  /** What becomes of a message that finds the mailbox full: it is refused, or the oldest one becomes a dead letter in its stead. @defaultValue "refuse" */
  readonly overflow?: "refuse" | "drop-oldest";
  /** Restarts within the window before the actor is given up. @defaultValue 5 */
  readonly restartsMax?: number;
  /** Length of the window, in ms. @defaultValue 10,000 */
  readonly restartWindowMs?: number;
  /** Makes the error that is escalated when the actor is given up, of the newest one. @defaultValue that one */
  readonly givenUp?: (error: unknown, actor: Actor<never>) => unknown;
}

export interface SpawnOptions {
  /** Messages the mailbox holds before `tell` answers false. @defaultValue 1,048,576 */
  readonly mailboxDepthMax?: number;
  /** Who answers for the actor: it is stopped with its parent, and an escalated failure goes there. @defaultValue none */
  readonly parent?: ActorRef<never>;
  /** What becomes of the actor when its handler throws. @defaultValue it stops */
  readonly supervise?: (error: unknown, actor: Actor<never>) => Directive;
  /** @defaultValue those of each field */
  readonly rules?: SpawnRules;
}

/** Makes the actor, at first and at every restart. */
export type Start<Message> = (self: ActorRef<Message>) => Actor<Message>;
