import type { DeadLetter } from "../../actors/kernel/dead-letters.js";

/** Dead letters that wait for one reader of the stream; the oldest are given up for newer ones. */
export const deadLettersWaitingMax = 1024;

/** Dead letters of all threads, as they come. Whoever iterates gets those that come from then on, until the system is closed. */
export interface DeadLetterStream extends AsyncIterable<DeadLetter> {
  /** How many there have been: of this thread, and of the others as far as they had room to say so. */
  readonly count: number;
  [Symbol.asyncIterator](): DeadLetterReader;
}

export interface DeadLetterReader extends AsyncIterator<DeadLetter, undefined> {
  /** How many were given up because they were not read in time. */
  readonly missedCount: number;
  return(): Promise<IteratorResult<DeadLetter, undefined>>;
}

export class DeadLetterBroadcast implements DeadLetterStream {
  readonly #readers = new Set<Reader>();
  #isClosed = false;
  count = 0;

  publish(letter: DeadLetter): void {
    this.count += 1;
    for (const reader of this.#readers) reader.accept(letter);
  }

  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.close();
  }

  [Symbol.asyncIterator](): DeadLetterReader {
    const reader = new Reader(() => this.#readers.delete(reader));
    this.#readers.add(reader);
    if (this.#isClosed) reader.close();
    return reader;
  }
}

const end = { done: true, value: undefined } as const;

class Reader implements DeadLetterReader {
  readonly #waiting: DeadLetter[] = [];
  readonly #wanted: ((result: IteratorResult<DeadLetter, undefined>) => void)[] = [];
  readonly #onEnd: () => void;
  #isClosed = false;
  missedCount = 0;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  accept(letter: DeadLetter): void {
    const wanted = this.#wanted.shift();
    if (wanted !== undefined) {
      wanted({ done: false, value: letter });
      return;
    }
    this.#waiting.push(letter);
    if (this.#waiting.length <= deadLettersWaitingMax) return;
    this.#waiting.shift();
    this.missedCount += 1;
  }

  /** What waits is still read. */
  close(): void {
    this.#isClosed = true;
    this.#onEnd();
    for (const wanted of this.#wanted.splice(0)) wanted(end);
  }

  next(): Promise<IteratorResult<DeadLetter, undefined>> {
    const letter = this.#waiting.shift();
    if (letter !== undefined) return Promise.resolve({ done: false, value: letter });
    if (this.#isClosed) return Promise.resolve(end);
    return new Promise((resolve) => this.#wanted.push(resolve));
  }

  return(): Promise<IteratorResult<DeadLetter, undefined>> {
    this.#waiting.length = 0;
    this.close();
    return Promise.resolve(end);
  }
}
