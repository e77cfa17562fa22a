/** How old an answer may be, in ms. */
export const TEXT_AGE_MS_MAX = 250;

/** A text that is dear to make and asked for by many: those who ask within a moment share one, as the bytes that are sent. */
export class RecentText {
  readonly #make: () => Promise<string>;
  #text: Promise<Buffer> | undefined;
  #madeAtMs = Number.NEGATIVE_INFINITY;

  constructor(make: () => Promise<string>) {
    this.#make = make;
  }

  /** Rejects when it cannot be made; who asks next has it tried again. */
  read(): Promise<Buffer> {
    const nowMs = performance.now();
    if (this.#text === undefined || nowMs - this.#madeAtMs > TEXT_AGE_MS_MAX) {
      this.#madeAtMs = nowMs;
      this.#text = this.#make().then((text) => Buffer.from(text));
      this.#text.catch(() => {
        this.#text = undefined;
      });
    }
    return this.#text;
  }
}
