/** Integers in a typed array that doubles when it is full: four bytes each, however many there are. */
export class Int32List {
  #items = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[this.#length++] = item;
  }

  at(index: number): number {
    return this.#items[index] as number; // callers stay below length, as with any array
  }

  set(index: number, item: number): void {
    this.#items[index] = item;
  }

  increment(index: number): number {
    return this.#items[index]!++;
  }

  /** The items; a view that the next push may leave behind. */
  view(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Int32Array(this.#items.length * 2);
    larger.set(this.#items);
    this.#items = larger;
  }
}
