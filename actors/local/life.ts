import { DataFlowerError } from "../kernel/errors.js";
import type { LocalContext, LocalDefinition } from "./definition.js";
import type { Household, Parent } from "./household.js";
import { askMsMax, type Outcome } from "./outcome.js";
import { Ref } from "./ref.js";
import type { SpawnOptions } from "./spawn-settings.js";
import type { Terminated } from "./terminated.js";
import type { Timer } from "./timers.js";

/** Longest time of a timer, in ms: a year. */
export const timerMsMax = askMsMax;

/** The actor that a life is of. */
interface Self<Message> extends Parent {
  readonly ref: Ref<Message>;
  tell(message: Message): boolean;
  stop(): void;
}

/** One life of an actor, from a start to its end or its restart. */
export class Life<Message> implements LocalContext<Message> {
  readonly #system: Household;
  readonly #resident: Self<Message>;
  /** What ends with this life; made with the first of them. */
  #owned: Set<() => void> | undefined;
  #isOver = false;

  constructor(system: Household, resident: Self<Message>) {
    this.#system = system;
    this.#resident = resident;
  }

  get self(): Ref<Message> {
    return this.#resident.ref;
  }

  nowMs(): number {
    return this.#system.timers.clock.nowMs();
  }

  spawn<Sent, Args>(definition: LocalDefinition<Sent, Args>, args: Args, options: SpawnOptions = {}): Ref<Sent> {
    const { name } = this.#resident;
    if (this.#isOver)
      throw new DataFlowerError("DF_ACTOR_STOPPED", `Cannot spawn a child of actor ${name} as it must live: it has stopped`);
    return this.#system.spawn(definition, args, options, this.#resident);
  }

  lookup(name: string): Ref<never> | undefined {
    return this.#system.lookup(name);
  }

  watch(actor: Ref<never>, toMessage: (end: Terminated) => Message): () => void {
    return this.#own((done) => {
      const terminated = (end: Terminated): void => {
        done();
        this.#tell(toMessage(end));
      };
      return Ref.targetOf(actor).watch({ terminated });
    });
  }

  after(ms: number, message: Message): () => void {
    requireMs("after", ms, 0);
    return this.#own((done) => {
      const due = (): void => {
        done();
        this.#tell(message);
      };
      return cancelled(this.#system.timers.after(ms, { due }));
    });
  }

  every(ms: number, message: Message): () => void {
    requireMs("every", ms, 1);
    return this.#own(() => {
      const due = (): void => {
        timer = this.#system.timers.after(ms, { due });
        this.#tell(message);
      };
      let timer = this.#system.timers.after(ms, { due });
      return () => timer.cancel();
    });
  }

  ask<Sent, Answer>(
    actor: Ref<Sent>,
    make: (replyTo: Ref<Answer>) => Sent,
    toMessage: (outcome: Outcome<Answer>) => Message,
    { timeoutMs }: { readonly timeoutMs: number },
  ): void {
    this.#own((done) => {
      return this.#system.ask<Sent, Answer>(Ref.targetOf(actor), make, timeoutMs, (outcome) => {
        done();
        this.#tell(toMessage(outcome));
      });
    });
  }

  stop(): void {
    if (!this.#isOver) this.#resident.stop();
  }

  /** The actor has stopped, or another life of it begins. */
  end(): void {
    this.#isOver = true;
    for (const cancel of this.#owned ?? []) cancel();
    this.#owned = undefined;
  }

  #tell(message: Message): void {
    if (!this.#isOver) this.#resident.tell(message);
  }

  /**
   * Begins something that must not outlive this life.
   *
   * @param begin is given what to call when it has come to its end by itself, maybe at once; it answers with what cancels it
   */
  #own(begin: (done: () => void) => () => void): () => void {
    if (this.#isOver) return () => {};
    let isDone = false;
    let cancel = (): void => {};
    const release = (): void => {
      isDone = true;
      this.#owned?.delete(stop);
    };
    const stop = (): void => {
      release();
      cancel();
    };
    cancel = begin(release);
    if (!isDone) {
      this.#owned ??= new Set();
      this.#owned.add(stop);
    }
    return stop;
  }
}

function cancelled(timer: Timer): () => void {
  return () => timer.cancel();
}

function requireMs(name: string, ms: unknown, min: number): void {
  if (typeof ms === "number" && ms >= min && ms <= timerMsMax) return;
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot set a timer as ${name} takes ${min} to ${timerMsMax} ms: found ${String(ms)}`);
}
