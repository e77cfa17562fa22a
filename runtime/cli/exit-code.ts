import { catalogue, type ErrorCode } from "../../actors/kernel/errors.js";

/** How the program ends. */
export const exitCodes = { completed: 0, failed: 1, refused: 2, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const { failed, refused } = exitCodes;

/**
 * By code of an error: whether something that was right to start failed, or whether the command line, the module, the input or a
 * value breaks a rule, so that the same command can never succeed.
 */
const byErrorCode: Readonly<Record<ErrorCode, typeof failed | typeof refused>> = {
  DF_SPEC_INVALID: refused,
  DF_REF_USED_AS_VALUE: refused,
  DF_OPTION_INVALID: refused,
  DF_INPUT_INVALID: refused,
  DF_UNSERIALIZABLE: refused,
  DF_RESULT_TOO_LARGE: refused,
  DF_TASK_FAILED: failed,
  DF_TASK_TIMEOUT: failed,
  DF_RUN_TIMEOUT: failed,
  DF_DEADLINE_MISSED: failed,
  DF_TASK_OOM: failed,
  DF_WORKER_LOST: failed,
  DF_POOL_UNHEALTHY: failed,
  DF_CANCELLED: failed,
  DF_QUEUE_FULL: refused,
  DF_RUN_CONFLICT: refused,
  DF_ENGINE_CLOSED: failed,
  DF_MODULE_NOT_FOUND: refused,
  DF_MODULE_FAILED: refused,
  DF_MODULE_NO_WORKFLOW: refused,
  DF_MODULE_NO_HANDLER: refused,
  DF_MODULE_OUTSIDE: refused,
  DF_TYPESCRIPT_UNSUPPORTED: refused,
  DF_BUILDER_UNSTABLE: refused,
  DF_STARTED_IN_WORKER: refused,
  DF_STORE_UNSUPPORTED: refused,
  DF_STORE_BUSY: refused,
  DF_STORE_UNAVAILABLE: failed,
  DF_STORE_REFUSED: refused,
  DF_STORE_FULL: failed,
  DF_STORE_POISONED: failed,
  DF_STORE_ROLLED_BACK: failed,
  DF_DURABILITY_UNSUPPORTED: refused,
  DF_FENCED: failed,
  DF_CHECKPOINT_CORRUPT: failed,
  DF_CHECKPOINT_VERSION: refused,
  DF_CHECKPOINT_LOST: failed,
  DF_WORKFLOW_CHANGED: refused,
  DF_OUTCOME_UNKNOWN: failed,
  DF_TASK_CRASHES_PROCESS: failed,
  DF_SCHEDULER_UNKNOWN: refused,
  DF_SCHEDULER_INVALID: refused,
  DF_SCHEDULER_FAILED: failed,
  DF_DEADLINE_IMPOSSIBLE: refused,
  DF_CALL_TIMEOUT: failed,
  DF_RING_CORRUPT: failed,
  DF_FRAME_CORRUPT: failed,
  DF_MODULE_NO_ACTOR: refused,
  DF_ACTOR_FAILED: failed,
  DF_ACTOR_STOPPED: failed,
  DF_ACTOR_RESTARTS: failed,
  DF_ACTOR_NAME_TAKEN: failed,
  DF_ACTORS_CLOSED: failed,
  DF_MAILBOX_FULL: failed,
  DF_ASK_TIMEOUT: failed,
  DF_INTERNAL: failed,
};

/** The code of an error, whichever copy of this package raised it; what nobody raised on purpose is our own mistake. */
export function errorCodeOf(error: unknown): ErrorCode {
  const code: unknown =
    error instanceof Error && error.name === "DataFlowerError" ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === "string" && Object.hasOwn(catalogue, code) ? (code as ErrorCode) : "DF_INTERNAL"; // a key of the catalogue
}

export const exitCodeOf = (error: unknown): ExitCode => byErrorCode[errorCodeOf(error)];
