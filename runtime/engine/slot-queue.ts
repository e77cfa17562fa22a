/** Free run slots, the one that has been free longest first. All of them fit, so it never refuses. */
export class SlotQueue {
  readonly #slots: Int32Array;
  #head = 0;
  #count: number;

  /** All slots from 0 to `count` - 1, free. */
  constructor(count: number) {
    this.#slots = Int32Array.from({ length: count }, (_, slot) => slot);
    this.#count = count;
  }

  get length(): number {
    return this.#count;
  }

  /** The next slot that shift() gives; undefined when there is none. */
  get first(): number | undefined {
    return this.#count === 0 ? undefined : this.#slots[this.#head];
  }

  shift(): void {
    this.#head = (this.#head + 1) % this.#slots.length;
    this.#count -= 1;
  }

  /** Takes a slot out, wherever it stands; false when it is not there. Looks at all of them. */
  remove(slot: number): boolean {
    for (let left = this.#count, found = false; left > 0; left--) {
      const first = this.first as number; // there is one left
      this.shift();
      if (first === slot) found = true;
      else this.push(first);
      if (left === 1) return found;
    }
    return false;
  }

  push(slot: number): void {
    this.#slots[(this.#head + this.#count) % this.#slots.length] = slot;
    this.#count += 1;
  }
}
