import type { Supervise } from "./supervision.js";

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

export interface SpawnOptions {
  /** Messages the mailbox holds before `tell` answers false. @defaultValue 1,048,576 */
  readonly mailboxDepthMax?: number;
  /** Who answers for the actor: it is stopped with its parent, and an escalated failure goes there. @defaultValue none */
  readonly parent?: ActorRef<never>;
  /** What becomes of the actor when its handler throws. @defaultValue it stops */
  readonly supervise?: Supervise;
}

/** Makes the actor, at first and at every restart. */
export type Start<Message> = (self: ActorRef<Message>) => Actor<Message>;
