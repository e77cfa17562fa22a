import { ActorSystem, type Runnable, type SystemOptions } from "../kernel/system.js";

/** Picks who handles its next message. @param runnable names of the actors that have messages, the one that has waited longest first @returns a place in that list */
export type Choose = (runnable: readonly string[]) => number;

/** Whoever has waited longest. */
export const chooseOldest: Choose = () => 0;

/** A kernel that handles one message at a time, of the actor that `choose` picks: every interleaving of handlers can happen on it. */
export class SteppedSystem extends ActorSystem {
  readonly #choose: Choose;
  readonly #runnable: Runnable[] = [];

  constructor(options: SystemOptions, choose: Choose) {
    super(options);
    this.#choose = choose;
  }

  override get isIdle(): boolean {
    return this.#runnable.length === 0;
  }

  override schedule(cell: Runnable): void {
    this.#runnable.push(cell);
  }

  override run(messagesMax: number): number {
    let handled = 0;
    while (handled < messagesMax && this.step()) handled += 1;
    return handled;
  }

  /** Has one message handled; false when nobody has any. */
  step(): boolean {
    while (this.#runnable.length > 0) {
      const at = this.#runnable.length === 1 ? 0 : this.#choose(this.#runnable.map(({ name }) => name));
      const [cell] = this.#runnable.splice(at, 1);
      if (cell !== undefined && cell.turn(1) > 0) return true; // 0: it has stopped
    }
    return false;
  }
}
