import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { Int32List } from "./int32-list.js";

const UNNUMBERED = 0;

/**
 * Names of the nodes of one workflow, unique in all of it: a task's path is its name and the positions of the elements around it,
 * so two maps whose tasks bore one name would share paths, too.
 *
 * A name is a text and a number: a million tasks of one handler are one text. Given names stay as they are. Automatic ones are
 * numbered when all given ones are known, so that no later name can take an earlier one's.
 */
export class NameTable {
  readonly texts: string[] = [];
  readonly #textOf = new Map<string, number>();
  /** By entry: its text. */
  readonly text = new Int32List();
  /** By text: 1 where a node was given it as its name. */
  readonly #given = new Int32List();

  /** @param reserved names that no node may be given */
  constructor(reserved: readonly string[]) {
    for (const name of reserved) this.#given.set(this.#intern(name), 1);
  }

  /** @returns the entry */
  addGiven(name: string): number {
    const text = this.#intern(name);
    if (this.#given.at(text) === 1) {
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot add task ${name} as names of tasks are unique in their workflow and "input" and "item" are taken: found "${name}" again`,
      );
    }
    this.#given.set(text, 1);
    return this.#push(~text);
  }

  /** @returns the entry */
  addAutomatic(base: string): number {
    return this.#push(this.#intern(base));
  }

  /** What a message calls the entry; the number is not known yet. */
  label(entry: number): string {
    return this.texts[this.#textAt(entry)] as string;
  }

  /**
   * Numbers all entries. The first automatic entry of a text that nobody was given bears no number, the next ones 2, 3, …;
   * numbers that would make another entry's text are skipped. Two numbered names differ in their text or their number.
   */
  resolve(): { readonly text: Int32Array; readonly number: Int32Array } {
    const last = Int32Array.from(this.texts, (_, text) => this.#given.at(text));
    const text = this.text.view().slice();
    const number = new Int32Array(text.length);
    for (let entry = 0; entry < text.length; entry++) {
      const raw = text[entry]!;
      text[entry] = this.#textAt(entry);
      if (raw >= 0) number[entry] = this.#next(raw, last);
    }
    return { text, number };
  }

  #next(text: number, last: Int32Array): number {
    let number = ++last[text]!;
    while (number > 1 && this.#textOf.has(`${this.texts[text]}-${number}`)) number = ++last[text]!;
    return number === 1 ? UNNUMBERED : number;
  }

  /** Given entries are stored as the complement of their text. */
  #textAt(entry: number): number {
    const raw = this.text.at(entry);
    return raw < 0 ? ~raw : raw;
  }

  #push(raw: number): number {
    this.text.push(raw);
    return this.text.length - 1;
  }

  #intern(name: string): number {
    const known = this.#textOf.get(name);
    if (known !== undefined) return known;
    this.#textOf.set(name, this.texts.length);
    this.#given.push(0);
    return this.texts.push(name) - 1;
  }
}
