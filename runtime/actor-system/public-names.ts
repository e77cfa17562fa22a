import type { Address } from "../codec/message-codec.js";

/** Names that actors of any thread may be looked up by. The control thread decides who has which. */
export class PublicNames {
  readonly #places = new Map<string, Address | undefined>();

  has(name: string): boolean {
    return this.#places.has(name);
  }

  get(name: string): Address | undefined {
    return this.#places.get(name);
  }

  /** Nobody else gets the name from here on. */
  reserve(name: string): void {
    this.#places.set(name, undefined);
  }

  publish(place: Address): void {
    this.#places.set(place.name, place);
  }

  remove(name: string): boolean {
    return this.#places.delete(name);
  }

  /** Of actors that can be reached. */
  all(): Address[] {
    return [...this.#places.values()].flatMap((place) => place ?? []);
  }
}
