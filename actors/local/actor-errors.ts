import type { DeadLetterReason } from "../kernel/dead-letters.js";
import { DataFlowerError } from "../kernel/errors.js";
import { thrownText } from "../kernel/thrown-text.js";

/** Why a message that became a dead letter was not handled. */
export function undeliveredError(name: string, reason: DeadLetterReason): DataFlowerError {
  switch (reason) {
    case "stopped":
      return new DataFlowerError("DF_ACTOR_STOPPED", `Cannot reach actor ${name} as it must live: it has stopped`);
    case "lost":
      return new DataFlowerError("DF_WORKER_LOST", `Cannot reach actor ${name} as its worker's thread must live: it ended`);
    case "full":
      return new DataFlowerError(
        "DF_MAILBOX_FULL",
        `Cannot reach actor ${name} as there must be room for the message: its mailbox was full`,
      );
    case "dropped":
      return new DataFlowerError(
        "DF_MAILBOX_FULL",
        `Cannot keep a message to actor ${name} as newer ones took its place: its mailbox was full`,
      );
  }
}

export function startError(name: string, cause: unknown): DataFlowerError {
  return new DataFlowerError(
    "DF_ACTOR_FAILED",
    `Cannot start actor ${name} as it must begin without an error: found ${thrownText(cause)}`,
    {
      cause,
    },
  );
}

export function handlerError(name: string, cause: unknown): DataFlowerError {
  return new DataFlowerError("DF_ACTOR_FAILED", `Cannot get an answer of actor ${name} as it must not throw: found ${thrownText(cause)}`, {
    cause,
  });
}

export function closedError(): DataFlowerError {
  return new DataFlowerError("DF_ACTORS_CLOSED", "Cannot spawn an actor as its system must be open: it has been closed");
}
