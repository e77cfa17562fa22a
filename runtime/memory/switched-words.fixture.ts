import type { Words } from "./words.js";

/** For tests: words that can be exchanged under a living view, so that claiming an end is not what dies or is interrupted. */
export class SwitchedWords implements Words {
  target: Words;

  constructor(target: Words) {
    this.target = target;
  }

  load(index: number): number {
    return this.target.load(index);
  }

  store(index: number, value: number): void {
    this.target.store(index, value);
  }

  cas(index: number, expected: number, desired: number): boolean {
    return this.target.cas(index, expected, desired);
  }

  add(index: number, delta: number): number {
    return this.target.add(index, delta);
  }
}
