import type { Actor, ActorRef, SpawnedRef, SpawnOptions, SpawnRules, Start } from "./actor.js";
import type { Clock } from "./clock.js";
import { type DeadLetterReason, DeadLetters } from "./dead-letters.js";
import { DataFlowerError } from "./errors.js";
import { batchMessagesMax, mailboxDepthDefault } from "./limits.js";
import { Mailbox } from "./mailbox.js";
import { RestartWindow, stopOnFailure } from "./supervision.js";

/**
 * Actors on one thread, and the dispatcher that gives them their turns.
 *
 * Life of an actor:
 *
 *              tell()              run()             batch done, mailbox empty
 *     IDLE ─────────────▶ SCHEDULED ─────▶ (handling) ────────────────────────▶ IDLE
 *                             ▲               │  │
 *                             └─ messages ────┘  └── stop() ──▶ STOPPED
 *                                left
 *
 *   IDLE      its mailbox is empty and it is in no queue
 *   SCHEDULED in the run queue exactly once
 *   STOPPED   final; tell() answers false and the message is a dead letter
 */
const IDLE = 0;
const SCHEDULED = 1;
const STOPPED = 2;

export interface SystemOptions {
  readonly clock: Clock;
  /** Called when the first actor becomes runnable while no turn is in progress: somebody has to call `run` soon. */
  readonly onRunnable?: () => void;
  /** Called with an error that was escalated past the last parent. @defaultValue it is thrown out of `run` */
  readonly onFailure?: (error: unknown, actor: string) => void;
}

export class ActorSystem {
  readonly clock: Clock;
  readonly deadLetters = new DeadLetters();
  readonly #runQueue = new Mailbox<Runnable>(Number.MAX_SAFE_INTEGER);
  readonly #onRunnable: (() => void) | undefined;
  readonly #onFailure: ((error: unknown, actor: string) => void) | undefined;
  #isRunning = false;

  constructor(options: SystemOptions) {
    this.clock = options.clock;
    this.#onRunnable = options.onRunnable;
    this.#onFailure = options.onFailure;
  }

  /**
   * Starts an actor and gives its address.
   *
   * @throws DF_OPTION_INVALID, and what `start` throws
   */
  spawn<Message>(name: string, start: Start<Message>, options: SpawnOptions = {}): SpawnedRef<Message> {
    // The run queue holds cells of every message type; only the cell itself ever reads its messages.
    return new Cell(this, name, start, options) as SpawnedRef<Message>;
  }

  /** True when no actor has anything to do. */
  get isIdle(): boolean {
    return this.#runQueue.count === 0;
  }

  /**
   * Gives turns until nobody has messages or `messagesMax` have been handled.
   *
   * @param batchMax messages that one actor handles in a turn
   * @returns how many were handled
   */
  run(messagesMax: number, batchMax: number = batchMessagesMax): number {
    let handled = 0;
    this.#isRunning = true;
    try {
      while (handled < messagesMax) {
        const cell = this.#runQueue.take();
        if (cell === undefined) break;
        handled += cell.turn(batchMax);
      }
    } finally {
      this.#isRunning = false;
    }
    return handled;
  }

  /** For cells only: queues one that has become runnable. */
  schedule(cell: Runnable): void {
    this.#runQueue.offer(cell);
    if (!this.#isRunning && this.#runQueue.count === 1) this.#onRunnable?.();
  }

  /** For cells only: an error that nobody's supervisor kept. */
  fail(error: unknown, actor: string): void {
    if (this.#onFailure === undefined) throw error;
    this.#onFailure(error, actor);
  }
}

/** An actor that has messages, as the dispatcher sees it. */
export interface Runnable {
  readonly name: string;
  /** Handles a batch. @param messagesMax @defaultValue {@link batchMessagesMax} @returns how many it has handled */
  turn(messagesMax?: number): number;
}

/** What parents and children know of each other, whatever their messages are. */
interface Relative {
  stop(): void;
  adopt(child: Relative): void;
  disown(child: Relative): void;
  failed(error: unknown): void;
}

/** One actor with its mailbox and its place in the dispatcher. */
class Cell<Message> implements SpawnedRef<Message>, Relative, Runnable {
  readonly name: string;
  readonly #system: ActorSystem;
  readonly #start: Start<Message>;
  readonly #mailbox: Mailbox<Message>;
  readonly #supervise: NonNullable<SpawnOptions["supervise"]>;
  readonly #rules: SpawnRules | undefined;
  readonly #parent: Relative | undefined;
  #children: Set<Relative> | undefined;
  #restarts: RestartWindow | undefined;
  /** Set, but while `start` runs for the first time. */
  #actor!: Actor<Message>;
  #state = IDLE;

  constructor(system: ActorSystem, name: string, start: Start<Message>, options: SpawnOptions) {
    this.name = name;
    this.#system = system;
    this.#start = start;
    this.#mailbox = new Mailbox(requireDepth(options.mailboxDepthMax ?? mailboxDepthDefault));
    this.#supervise = options.supervise ?? stopOnFailure;
    this.#rules = options.rules;
    this.#parent = requireParent(options.parent);
    try {
      this.#actor = start(this);
    } catch (error) {
      this.stop(); // the children that it has spawned by then end with it
      throw error;
    }
    this.#parent?.adopt(this);
  }

  tell(message: Message): boolean {
    if (this.#state === STOPPED) return this.#refuse(message, "stopped");
    if (!this.#mailbox.offer(message)) return this.#overflow(message);
    if (this.#state === IDLE) {
      this.#state = SCHEDULED;
      this.#system.schedule(this as Cell<unknown>);
    }
    return true;
  }

  get hasRoom(): boolean {
    return this.#state !== STOPPED && !this.#mailbox.isFull;
  }

  stop(): void {
    if (this.#state === STOPPED) return;
    this.#state = STOPPED;
    for (const child of this.#children ?? []) child.stop();
    this.#parent?.disown(this);
    while (this.#mailbox.count > 0) this.#refuse(this.#mailbox.take() as Message, "stopped");
    (this.#actor as Actor<Message> | undefined)?.stopped?.();
  }

  adopt(child: Relative): void {
    this.#children ??= new Set();
    this.#children.add(child);
    if (this.#state === STOPPED) child.stop();
  }

  disown(child: Relative): void {
    this.#children?.delete(child);
  }

  /** Handles one batch; the dispatcher alone calls it. */
  turn(messagesMax: number = batchMessagesMax): number {
    let handled = 0;
    while (handled < messagesMax && this.#mailbox.count > 0) {
      const message = this.#mailbox.take() as Message; // undefined may be a message
      handled += 1;
      try {
        this.#actor.receive(message);
      } catch (error) {
        this.failed(error);
      }
    }
    if (this.#state === SCHEDULED) {
      if (this.#mailbox.count === 0) this.#state = IDLE;
      else this.#system.schedule(this as Cell<unknown>);
    }
    return handled;
  }

  failed(error: unknown): void {
    switch (this.#supervise(error, this.#actor)) {
      case "resume":
        break;
      case "restart":
        this.#restart(error);
        break;
      case "stop":
        this.stop();
        break;
      case "escalate":
        this.#escalate(error);
    }
  }

  #restart(error: unknown): void {
    if (this.#state === STOPPED) return; // it stopped itself, then threw
    this.#restarts ??= new RestartWindow(this.#rules?.restartsMax, this.#rules?.restartWindowMs);
    if (!this.#restarts.allows(this.#system.clock.nowMs())) {
      const { givenUp } = this.#rules ?? {};
      this.#escalate(givenUp === undefined ? error : givenUp(error, this.#actor));
      return;
    }
    for (const child of this.#children ?? []) child.stop();
    try {
      this.#actor = this.#start(this);
    } catch (again) {
      this.failed(again); // as often as the restart window allows
    }
  }

  #escalate(error: unknown): void {
    const parent = this.#parent;
    this.stop();
    if (parent === undefined) this.#system.fail(error, this.name);
    else parent.failed(error);
  }

  /** The mailbox is full: its actor is queued, or has its turn. */
  #overflow(message: Message): boolean {
    if (this.#rules?.overflow !== "drop-oldest") return this.#refuse(message, "full");
    this.#refuse(this.#mailbox.take() as Message, "dropped");
    return this.#mailbox.offer(message);
  }

  #refuse(message: Message, reason: DeadLetterReason): false {
    this.#system.deadLetters.accept(this.name, message, reason);
    return false;
  }
}

function requireDepth(messages: number): number {
  if (Number.isSafeInteger(messages) && messages > 0) return messages;
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot spawn an actor as mailboxDepthMax must be a positive integer: found ${messages}`);
}

function requireParent(parent: ActorRef<never> | undefined): Relative | undefined {
  if (parent === undefined || parent instanceof Cell) return parent;
  throw new DataFlowerError("DF_OPTION_INVALID", "Cannot spawn an actor as its parent must be what spawn() gave: found something else");
}
