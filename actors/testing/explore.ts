import { DataFlowerError } from "../kernel/errors.js";
import type { Choose } from "./stepped-system.js";

export interface ExploreOptions {
  /** Interleavings that are tried before it gives up. @defaultValue 10,000 */
  readonly interleavingsMax?: number;
  /** Messages that are handled in one of them. @defaultValue 1,000 */
  readonly messagesMax?: number;
}

/** What an interleaving needs to be run: a test kit, whatever its refs are. */
interface Kit {
  run(messagesMax?: number): number;
}

export interface Exploration {
  /** How many were tried. */
  readonly interleavings: number;
  /** Whether these were all that there are. */
  readonly isComplete: boolean;
  /** The first one that broke a rule. */
  readonly failure?: { readonly order: readonly string[]; readonly error: unknown };
}

const interleavingsDefault = 10_000;
const messagesDefault = 1_000;

/**
 * Runs a scenario in every order in which its actors may handle their messages, one after the other, until one breaks a rule. Messages from
 * one actor to another keep their order in all of them.
 *
 * @param makeKit makes a fresh kit with this chooser
 * @param scenario sets actors up on a kit and answers with what must hold when nobody has a message left: it throws when that does not
 */
export function exploreWith<K extends Kit>(
  makeKit: (choose: Choose) => K,
  scenario: (kit: K) => () => void,
  { interleavingsMax = interleavingsDefault, messagesMax = messagesDefault }: ExploreOptions = {},
): Exploration {
  requireCount("interleavingsMax", interleavingsMax);
  requireCount("messagesMax", messagesMax);
  const path = new Path();
  for (let interleavings = 1; ; interleavings++) {
    const error = errorOf(() => {
      const kit = makeKit((runnable) => path.choose(runnable));
      const check = scenario(kit);
      kit.run(messagesMax);
      check();
    });
    if (error !== undefined) return { interleavings, isComplete: false, failure: { order: path.order, ...error } };
    if (!path.next()) return { interleavings, isComplete: true };
    if (interleavings === interleavingsMax) return { interleavings, isComplete: false };
  }
}

/** The choices of one interleaving, and how the next one differs: depth first. */
class Path {
  /** Names of the actors that went where there was a choice. */
  order: string[] = [];
  #choices: { taken: number; readonly of: number }[] = [];
  #at = 0;

  choose(runnable: readonly string[]): number {
    const known = this.#choices[this.#at];
    const choice = known ?? { taken: 0, of: runnable.length };
    if (known === undefined) this.#choices.push(choice);
    else if (known.of !== runnable.length) {
      throw new DataFlowerError("DF_OPTION_INVALID", "Cannot explore the scenario as it must do the same in the same order: it did not");
    }
    this.#at += 1;
    this.order.push(runnable[choice.taken] as string); // the actors that can go are the same as when it was counted
    return choice.taken;
  }

  /** Goes to the next interleaving; false when there is none. */
  next(): boolean {
    this.#at = 0;
    this.order = [];
    for (let last = this.#choices.at(-1); last !== undefined; last = this.#choices.at(-1)) {
      last.taken += 1;
      if (last.taken < last.of) return true;
      this.#choices.pop();
    }
    return false;
  }
}

function errorOf(act: () => void): { readonly error: unknown } | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return { error };
  }
}

function requireCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot explore as ${name} must be a positive integer: found ${value}`);
}
