import { Int32List } from "./int32-list.js";

/** Byte strings laid back to back, each found by its number. */
export class ByteStrings {
  #bytes = new Uint8Array(1024);
  #length = 0;
  readonly #ends = new Int32List();

  get count(): number {
    return this.#ends.length;
  }

  get byteLength(): number {
    return this.#length;
  }

  /** @returns the number of the string */
  push(bytes: Uint8Array): number {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(this.#length + bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#ends.push(this.#length);
    return this.#ends.length - 1;
  }

  /** All bytes; a view that the next push may leave behind. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** By number: where the string ends. */
  ends(): Int32Array {
    return this.#ends.view();
  }

  #grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(atLeast, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
