const firstSlots = 8;

/**
 * The bounded queue of messages in front of one actor. The oldest one stands by itself, those behind it in a ring in a plain array
 * that doubles while it is below its bound: most mailboxes never hold two messages at a time, and need no ring.
 *
 *            head             head + count - 1
 *   ┌───────┐   ┌─────┼──────────────────┼─────┐
 *   │ first │ ◀ │     │ second … newest  │     │     slots.length is a power of two, or 0
 *   └───────┘   └─────┴──────────────────┴─────┘
 *
 * One thread only: what comes from other threads passes through a ring of shared memory first.
 */
export class Mailbox<Message> {
  readonly #depthMax: number;
  #first: Message | undefined = undefined;
  #count = 0;
  #slots: (Message | undefined)[] = noSlots;
  #head = 0;

  constructor(depthMax: number) {
    this.#depthMax = depthMax;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= this.#depthMax;
  }

  /** Adds a message; false when the mailbox is full and the message was not taken. */
  offer(message: Message): boolean {
    if (this.#count >= this.#depthMax) return false;
    if (this.#count === 0) this.#first = message;
    else this.#offerBehind(message);
    this.#count += 1;
    return true;
  }

  /** Removes the oldest message; undefined when there is none. */
  take(): Message | undefined {
    if (this.#count === 0) return undefined;
    const message = this.#first;
    this.#count -= 1;
    this.#first = this.#count === 0 ? undefined : this.#takeBehind();
    return message;
  }

  #offerBehind(message: Message): void {
    const behind = this.#count - 1;
    if (behind === this.#slots.length) this.#grow();
    this.#slots[(this.#head + behind) & (this.#slots.length - 1)] = message;
  }

  #takeBehind(): Message | undefined {
    const message = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    return message;
  }

  #grow(): void {
    const { length } = this.#slots;
    const slots = new Array<Message | undefined>(Math.max(firstSlots, length * 2)).fill(undefined);
    for (let index = 0; index < length; index++) slots[index] = this.#slots[(this.#head + index) & (length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

/** Of all mailboxes that have no ring. Never written: a ring without slots is full. */
const noSlots: undefined[] = [];
