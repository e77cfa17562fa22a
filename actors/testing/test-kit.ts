import { ManualClock } from "../kernel/clock.js";
import type { DeadLetter } from "../kernel/dead-letters.js";
import { DataFlowerError } from "../kernel/errors.js";
import { seededRandom } from "../kernel/seeded-random.js";
import { LocalSystem, type LocalSystemParts } from "../local/local-system.js";
import type { MailboxOptions } from "../local/spawn-settings.js";
import { Probe } from "./probe.js";
import { type Choose, chooseOldest, SteppedSystem } from "./stepped-system.js";

/** Messages that one call handles before it is taken for a loop without an end. */
export const messagesPerRunMax = 1_000_000;

export interface TestKitOptions {
  /** Draws who goes next: the same seed is the same interleaving. @defaultValue whoever has waited longest goes next */
  readonly seed?: number;
  /** Decides who goes next, instead of a seed. */
  readonly choose?: Choose;
  /** For actors that say nothing of their own. */
  readonly mailbox?: MailboxOptions;
}

/**
 * Actors whose turns and time a test has in its hand. Nothing happens by itself: `step` has one message handled, `run` all that there are,
 * `advance` lets time pass.
 */
export class TestKit {
  readonly clock = new ManualClock();
  readonly system: LocalSystem;
  /** Errors that ended an actor, or that nobody's supervision kept. */
  readonly failures: { readonly actor: string; readonly error: unknown }[] = [];
  /** All of them, oldest first. */
  readonly deadLetters: DeadLetter[] = [];
  readonly #kernel: SteppedSystem;

  /** @param makeRef see LocalSystemParts */
  constructor({ seed, choose, mailbox }: TestKitOptions = {}, makeRef?: LocalSystemParts["makeRef"]) {
    this.#kernel = new SteppedSystem({ clock: this.clock }, choose ?? chooserOf(seed));
    this.system = new LocalSystem({
      kernel: this.#kernel,
      onFailure: (error, actor) => void this.failures.push({ actor, error }),
      onDeadLetter: (letter) => void this.deadLetters.push(letter),
      mailbox,
      ...(makeRef === undefined ? {} : { makeRef }),
    });
  }

  /** An actor that keeps what it is told. */
  probe<Message>(name?: string): Probe<Message> {
    return new Probe(this.system, name);
  }

  /** True when no actor has a message. */
  get isIdle(): boolean {
    return this.#kernel.isIdle;
  }

  /** Has one message handled; false when nobody has any. */
  step(): boolean {
    return this.#kernel.step();
  }

  /**
   * Has messages handled until nobody has any.
   *
   * @returns how many
   * @throws DF_OPTION_INVALID when there are more than `messagesMax`
   */
  run(messagesMax: number = messagesPerRunMax): number {
    const handled = this.#kernel.run(messagesMax);
    if (this.#kernel.isIdle) return handled;
    throw new DataFlowerError(
      "DF_OPTION_INVALID",
      `Cannot run all actors as they must come to an end within ${messagesMax} messages: they have not`,
    );
  }

  /** Lets time pass in steps of at most 4 ms, and has handled what there is after each. */
  advance(ms: number): void {
    this.run();
    for (let left = ms; left > 0; left -= timeStepMs) {
      this.clock.advance(Math.min(left, timeStepMs));
      this.run();
    }
  }
}

/** What is due within one step happens at the same time as far as actors can tell. */
const timeStepMs = 4;

function chooserOf(seed: number | undefined): Choose {
  if (seed === undefined) return chooseOldest;
  const random = seededRandom(seed, 0);
  return (runnable) => Math.floor(random() * runnable.length);
}
