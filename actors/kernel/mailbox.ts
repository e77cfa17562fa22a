const firstSlots = 8;

/**
 * The bounded queue of messages in front of one actor: a ring in a plain array that doubles while it is below its bound.
 *
 *        head             head + count
 *   ┌─────┼──────────────────┼─────┐
 *   │     │ oldest … newest  │     │     slots.length is a power of two
 *   └─────┴──────────────────┴─────┘
 *
 * One thread only: what comes from other threads passes through a ring of shared memory first.
 */
export class Mailbox<Message> {
  readonly #depthMax: number;
  #slots: (Message | undefined)[] = [];
  #head = 0;
  #count = 0;

  constructor(depthMax: number) {
    this.#depthMax = depthMax;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a message; false when the mailbox is full and the message was not taken. */
  offer(message: Message): boolean {
    if (this.#count === this.#slots.length && !this.#grow()) return false;
    if (this.#count >= this.#depthMax) return false;
    this.#slots[(this.#head + this.#count) & (this.#slots.length - 1)] = message;
    this.#count += 1;
    return true;
  }

  /** Removes the oldest message; undefined when there is none. */
  take(): Message | undefined {
    if (this.#count === 0) return undefined;
    const message = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#count -= 1;
    return message;
  }

  #grow(): boolean {
    if (this.#count >= this.#depthMax) return false;
    const slots = new Array<Message | undefined>(Math.max(firstSlots, this.#slots.length * 2)).fill(undefined);
    for (let index = 0; index < this.#count; index++) slots[index] = this.#slots[(this.#head + index) & (this.#slots.length - 1)];
    this.#slots = slots;
    this.#head = 0;
    return true;
  }
}
