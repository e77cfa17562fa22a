import type { ResolvedTaskOptions } from "../../../actors/workflow/graph.js";
import { encodeValue } from "../../codec/value-codec.js";
import type { ByteStrings } from "./byte-strings.js";
import { Int32List } from "./int32-list.js";

/** Resolved options of one workflow; equal ones are stored once. Entry 0 is what a task without options of its own has. */
export class OptionTable {
  /** By entry: the number of its string. */
  readonly strings = new Int32List();
  readonly #pool: ByteStrings;
  readonly #entryOf = new Map<string, number>();

  constructor(pool: ByteStrings, defaults: ResolvedTaskOptions) {
    this.#pool = pool;
    this.add(defaults);
  }

  /** @returns the entry */
  add(options: ResolvedTaskOptions): number {
    const bytes = encodeValue(options);
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const known = this.#entryOf.get(key);
    if (known !== undefined) return known;
    this.#entryOf.set(key, this.strings.length);
    this.strings.push(this.#pool.push(bytes));
    return this.strings.length - 1;
  }
}
