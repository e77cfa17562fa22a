import { assert } from "../../actors/kernel/assert.js";
import type { InHand as InHandPort } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { type InHand, positionsMax } from "../memory/in-hand.js";

/** Keeps a worker's in-hand lines up to date. Naming a task allocates nothing, as this happens before every attempt. */
export class InHandWriter implements InHandPort {
  readonly #record: InHand;
  readonly #positions = new Int32Array(positionsMax);
  #isInHand = false;

  constructor(record: InHand) {
    this.#record = record;
  }

  begin(task: ReadyTask): void {
    this.#isInHand = true;
    const { slot, epoch } = task.run;
    if (task.scope.parent === undefined) {
      this.#record.beginAt(slot, epoch, task.attempt, task.instance);
      return;
    }
    const count = this.#name(task);
    this.#record.begin(slot, epoch, task.attempt, this.#positions, count);
  }

  waits(task: ReadyTask | undefined, dueAt: number): void {
    if (task === undefined) {
      this.#record.noneWaits();
      return;
    }
    const { slot, epoch } = task.run;
    const count = this.#name(task);
    this.#record.waits(slot, epoch, task.attempt, this.#positions, count, dueAt);
  }

  /** Some attempt has given a sign of life. */
  beat(): void {
    this.#record.beat();
  }

  /** The thread goes back to its event loop, or has nothing to do: it executes no attempt from here on. */
  endTurn(): void {
    if (!this.#isInHand) return;
    this.#isInHand = false;
    this.#record.end();
  }

  /** As `taskPositions` does it. @returns how many positions there are */
  #name(task: ReadyTask): number {
    this.#positions[0] = task.instance;
    let count = 1;
    for (let { scope } = task; scope.parent !== undefined; scope = scope.parent) {
      assert(count < positionsMax, "maps are nested no deeper than a record can say");
      this.#positions[count++] = scope.at;
    }
    return count;
  }
}
