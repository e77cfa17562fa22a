/**
 * The one error class of DataFlower and the catalogue of its codes.
 *
 * A code is stable: programs may branch on it. The message says what could not be done, by which rule, and what was found;
 * the catalogue says what each code means and what to do. The README's troubleshooting table is made from it.
 */

export const catalogue = {
  DF_SPEC_INVALID: {
    means: "A workflow, one of its options, or a file that describes one breaks a rule",
    remedy: "Correct the place that the message names",
  },
  DF_REF_USED_AS_VALUE: {
    means: "A ref was read, printed, iterated or converted while the graph was being written",
    remedy: "Pass the ref to a task; its value exists only while the run executes",
  },
  DF_OPTION_INVALID: {
    means: "An option is unknown, of the wrong type, or outside its limits",
    remedy: "Use the name and range that the message gives",
  },
  DF_INPUT_INVALID: {
    means: "The input of a run cannot be read, is not JSON, or breaks the workflow's schema",
    remedy: "Correct what the message lists",
  },
  DF_UNSERIALIZABLE: {
    means: "A value is not data: it cannot be copied to a task or cross a thread",
    remedy: "Return plain data at the path that the message names; the README lists what counts as data",
  },
  DF_RESULT_TOO_LARGE: {
    means: "An encoded input or output is larger than limits.outputBytesMax, or a message to another thread than 256 MiB",
    remedy: "Write large data to a file and pass its path, or raise the limit",
  },
  DF_TASK_FAILED: { means: "A task's handler threw or rejected", remedy: "Read `cause`: it is what the handler threw" },
  DF_TASK_TIMEOUT: {
    means: "An attempt took longer than its timeout, or gave no sign of life for its heartbeatTimeout",
    remedy: "Look for a task that hangs or blocks; give it a longer timeout where it needs one",
  },
  DF_RUN_TIMEOUT: {
    means: "A run took longer, from its submission, than its timeout",
    remedy: "Give it a longer timeout, or fewer runs at a time",
  },
  DF_DEADLINE_MISSED: {
    means: "A run was not begun, or not gone on with, as it could not end by its deadline any more: its scheduler sheds what is late",
    remedy: "Give it a later deadline, fewer runs at a time, or a scheduler that only puts late runs behind the others",
  },
  DF_TASK_OOM: {
    means: "A worker thread ran out of heap while it executed a task, or the process of a task took more memory than it may",
    remedy: "Raise limits.heapMbMax or, for a process, the task's memory or limits.processMemoryMax; or split the task's data",
  },
  DF_WORKER_LOST: {
    means: "A worker thread, or the process of a task, ended while it held work",
    remedy: "Look for process.exit, a crash or exhausted memory in the task that the message names",
  },
  DF_POOL_UNHEALTHY: {
    means: "Worker threads kept ending although no task could be blamed, or one could not be ended: the engine has given up",
    remedy: "Read `cause`; look for modules that end their thread when they are loaded, then start another engine",
  },
  DF_CANCELLED: {
    means: "The run or the ask was cancelled, by its caller or because its engine was closed before it ended",
    remedy: "Submit it or ask again if it is still wanted",
  },
  DF_QUEUE_FULL: {
    means: "limits.intakeMax runs already wait",
    remedy: "Wait for results before submitting more: submitAll() does so by itself",
  },
  DF_RUN_CONFLICT: {
    means: "A run with this id exists already, for another workflow or another input",
    remedy: "Choose another runId, or submit the same input to get the same run",
  },
  DF_ENGINE_CLOSED: { means: "The engine has been closed", remedy: "Start another engine" },
  DF_MODULE_NOT_FOUND: { means: "A module does not exist or cannot be read", remedy: "Check the path that the message names" },
  DF_MODULE_FAILED: {
    means: "A module threw, or did not come to its end, while it was being loaded",
    remedy: "Read `cause`; a module of workflows must load without side effects",
  },
  DF_MODULE_NO_WORKFLOW: {
    means: "A module exports no workflow, or not the one that was asked for",
    remedy: "Export what workflow() returns; pass --workflow NAME where a module has several",
  },
  DF_MODULE_NO_HANDLER: {
    means: "A module does not export the function that a file names as a task's handler",
    remedy: "Export a function of that name, or correct the name behind the # in the file",
  },
  DF_MODULE_OUTSIDE: {
    means: "A file names a module that lies outside of the file's own folder",
    remedy: "Move the module into the folder of the file or below it, and name it by its relative path",
  },
  DF_TYPESCRIPT_UNSUPPORTED: {
    means: "A .ts module cannot be loaded: this Node does not strip types and tsx is not installed",
    remedy: "Run `npm install tsx`, use Node 22.18 or newer, or compile the module to JavaScript",
  },
  DF_BUILDER_UNSTABLE: {
    means: "A workflow's builder listed other handlers in a worker than on the control thread",
    remedy: "Make the builder depend on nothing but its arguments: no time, randomness, environment or thread",
  },
  DF_STARTED_IN_WORKER: {
    means: "DataFlower.start() or createActorSystem() ran inside a worker thread of DataFlower",
    remedy: "Start the engine or the system in another module than the one that holds the workflows or the actors",
  },
  DF_STORE_UNSUPPORTED: {
    means: "The store URL names no store that this version has, or nothing that it could keep there",
    remedy: "Use memory:, lmdb:PATH, redis://HOST:PORT, or one of rediss:, redis+sentinel: and redis+cluster:",
  },
  DF_STORE_BUSY: {
    means: "Another engine that lives owns the journal, or it is not known yet that it has died",
    remedy: "Close the engine that the message names, wait for its lease to end, or name another journal",
  },
  DF_STORE_UNAVAILABLE: {
    means: "The store could not be reached for as long as limits.storeWaitMax allows, or its place cannot be used",
    remedy: "Bring the store back and start an engine again: it resumes what is unfinished",
  },
  DF_STORE_REFUSED: {
    means: "The store lets this user or password do nothing, or what answers there is no store",
    remedy: "Correct the URL, the password, or the rights of the user",
  },
  DF_STORE_FULL: {
    means: "The store has no room left, or takes no value as large as this one",
    remedy: "Make room, then start an engine again: it resumes what is unfinished",
  },
  DF_STORE_POISONED: {
    means: "A commit failed and it is not known what of it is durable: this process does not use the store again",
    remedy: "Look for a failing disk; start another process, which reads what the store has and resumes it",
  },
  DF_STORE_ROLLED_BACK: {
    means: "The store has lost commits that it had acknowledged, as a fail-over may",
    remedy: "Start an engine again: what was lost is executed again; use durability replicated, or a store that keeps its word",
  },
  DF_DURABILITY_UNSUPPORTED: {
    means: "The store, as it is set up, cannot keep the durability that was asked for",
    remedy: "Change the settings that the message names, or ask for less",
  },
  DF_FENCED: {
    means: "The journal has another owner by now: this engine has lost it, as it did not answer for too long",
    remedy: "Nothing: the runs go on at their new owner",
  },
  DF_CHECKPOINT_CORRUPT: {
    means: "What the store holds of a run is damaged",
    remedy: "Delete the run that the message names and submit it again, or bring back a copy of the store",
  },
  DF_CHECKPOINT_VERSION: {
    means: "The store was written by a newer version of dataflower",
    remedy: "Use that version; nothing in the store was changed",
  },
  DF_CHECKPOINT_LOST: {
    means: "The store knows of a run or of a record that it does not hold",
    remedy: "Look for what deletes or evicts entries; bring back a copy of the store",
  },
  DF_WORKFLOW_CHANGED: {
    means: "An unfinished run was started with another definition of its workflow",
    remedy: "Start the engine with the old version until its runs have ended, or cancel them",
  },
  DF_OUTCOME_UNKNOWN: {
    means: "An attempt of a task with delivery at-most-once was interrupted: nobody knows what it has done",
    remedy: "Look at what the task acts on, then submit a new run",
  },
  DF_TASK_CRASHES_PROCESS: {
    means: "The process has died limits.crashAttemptsMax times while this task was in progress",
    remedy: "Run the task by itself to see why; then `dataflower runs retry`",
  },
  DF_SCHEDULER_UNKNOWN: { means: "No scheduler has this name", remedy: "Use one of the names that the message lists" },
  DF_SCHEDULER_INVALID: {
    means: "What was given as a scheduler is not what policy() returned, or was made of wrong parts",
    remedy: "Give policy() a name, import.meta.url, and one function rank, before or create",
  },
  DF_SCHEDULER_FAILED: {
    means: "A scheduling policy threw, ranked by something that is no number, gave a task twice or lost one",
    remedy: "Read `cause`; ranks are numbers, and the order of two tasks must not change while they wait",
  },
  DF_DEADLINE_IMPOSSIBLE: {
    means: "No plan of functions or workers can end by the deadline, whatever it costs",
    remedy: "Give a deadline of at least the time that the message names",
  },
  DF_CALL_TIMEOUT: {
    means: "A worker did not answer a control call in time",
    remedy: "Look for a task that blocks its thread for a long time",
  },
  DF_RING_CORRUPT: {
    means: "What two threads have in shared memory cannot be right: a frame is missing, is there twice or is not as it was sent",
    remedy: "Look for native code or a task that writes outside its own buffers",
  },
  DF_FRAME_CORRUPT: {
    means: "Bytes that should be a DataFlower frame are damaged or of another version",
    remedy: "Do not mix versions of dataflower in one process or store; look for a task that writes where it has opened nothing",
  },
  DF_MODULE_NO_ACTOR: {
    means: "A module does not export the actor that is to be spawned from it",
    remedy: "Export what defineActor() returns, under the name that the message gives",
  },
  DF_ACTOR_FAILED: {
    means: "An actor threw while it started, or while it handled the message that it was asked",
    remedy: "Read `cause`: it is what the actor threw",
  },
  DF_ACTOR_STOPPED: { means: "The actor has stopped, or nobody of this address has ever lived", remedy: "Watch actors that others need" },
  DF_ACTOR_RESTARTS: {
    means: "An actor failed more often than its restart intensity allows, and was given up",
    remedy: "Read `cause`: it is what the actor threw at last; look for what makes it fail at every start",
  },
  DF_ACTOR_NAME_TAKEN: { means: "Another actor that lives has this name", remedy: "Choose another name, or look the actor up" },
  DF_ACTORS_CLOSED: { means: "The actor system has been closed", remedy: "Create another one" },
  DF_MAILBOX_FULL: {
    means: "The mailbox of an actor, or the ring to its thread, had no room for what it was asked",
    remedy: "Ask less at a time, await `send`, or give the actor a deeper mailbox",
  },
  DF_ASK_TIMEOUT: {
    means: "An actor has not answered within the timeout of the ask",
    remedy: "Look for an actor that never answers or has too much to do; give it a longer timeout where it needs one",
  },
  DF_INTERNAL: { means: "DataFlower broke one of its own rules", remedy: "Please report it with the message and the stack" },
} as const satisfies Record<string, { means: string; remedy: string }>;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorDetails {
  /** What was thrown originally. */
  readonly cause?: unknown;
  /** Path of the task, such as `resize[3]`. */
  readonly task?: string | undefined;
  /** Attempts made when the task was given up; counts the first one. */
  readonly attempts?: number | undefined;
  /** Run the error belongs to. */
  readonly runId?: string | undefined;
}

/**
 * Every error that DataFlower raises on purpose.
 *
 * @property code stable; see {@link catalogue}
 * @property task path of the task at fault, where there is one
 * @property attempts attempts made, the first one included
 * @property cause what a handler, schema or module threw, with its name, message, code, stack and own fields
 */
export class DataFlowerError extends Error {
  override readonly name = "DataFlowerError";
  readonly code: ErrorCode;
  declare readonly task?: string;
  declare readonly attempts?: number;
  declare readonly runId?: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    if (details.task !== undefined) this.task = details.task;
    if (details.attempts !== undefined) this.attempts = details.attempts;
    if (details.runId !== undefined) this.runId = details.runId;
  }
}
