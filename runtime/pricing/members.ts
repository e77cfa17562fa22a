import { type Range, refuseOption, requireInteger, requireNumber, requireOptions } from "../authoring/option-checks.js";

/** Calls a check of the value under these names, to say in its error where that stands. */
export type Placed = <Value>(names: readonly string[], check: () => Value) => Value;

/** Members of an object of options, each under its path, that are checked one by one. */
export class Members {
  readonly #path: string;
  readonly #names: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #placed: Placed;

  /**
   * @param names of itself, below the object that `path` names
   * @throws DF_OPTION_INVALID for what is no object
   */
  constructor(path: string, value: unknown, placed: Placed = (_, check) => check(), names: readonly string[] = []) {
    this.#path = path;
    this.#names = names;
    this.#placed = placed;
    this.#values = placed(names, () =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Readonly<Record<string, unknown>>) // an object, whose members are checked one by one
        : refuseOption(path, "an object", value),
    );
  }

  get keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  /** @throws DF_OPTION_INVALID for a member of another name */
  allow(known: readonly string[]): this {
    for (const key of this.keys) this.checked(key, () => requireOptions(this.#path, { [key]: true }, known));
    return this;
  }

  members(key: string): Members {
    return new Members(`${this.#path}.${key}`, this.#values[key], this.#placed, [...this.#names, key]);
  }

  number(key: string, range: Range): number {
    return this.checked(key, (path, value) => requireNumber(path, value, range));
  }

  integer(key: string, range: Range): number {
    return this.checked(key, (path, value) => requireInteger(path, value, range));
  }

  checked<Value>(key: string, check: (path: string, value: unknown) => Value): Value {
    return this.#placed([...this.#names, key], () => check(`${this.#path}.${key}`, this.#values[key]));
  }
}
