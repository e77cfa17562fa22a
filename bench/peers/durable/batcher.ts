/** Collects what is sent during one turn of the event loop, and sends it together: many short commands cost more than a long one. */
export class Batcher<Item> {
  readonly #send: (items: Item[]) => Promise<unknown>;
  #waiting: Item[] = [];
  #sent: Promise<unknown> | undefined;

  constructor(send: (items: Item[]) => Promise<unknown>) {
    this.#send = send;
  }

  /** Settles with the batch that these go with. */
  add(...items: readonly Item[]): Promise<unknown> {
    this.#waiting.push(...items);
    this.#sent ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const items = this.#waiting;
        this.#waiting = [];
        this.#sent = undefined;
        this.#send(items).then(resolve, reject);
      });
    });
    return this.#sent;
  }
}
