/**
 * Whatever was thrown, as data, and back.
 *
 * A thread boundary takes an error's class, code and fields away, and a program may throw anything. So what was thrown is written
 * down before it crosses: it is always possible, it never throws, and its size is bounded. DataFlowerError and the builtin classes
 * come back as themselves, other errors as `Error` with their name, thrown data as that data. What could not be kept is listed in
 * the error's field `notKept`.
 */

import { catalogue, DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
import { checkValue, copyValue } from "../../actors/kernel/value.js";
import { buildError, builtinClassOf, errorFieldKeys, errorName } from "../../actors/kernel/value-error.js";
import { describe } from "../../actors/kernel/value-refusal.js";
import { encodeTrusted } from "./value-codec.js";

/** Longest message and longest stack that are kept, in UTF-16 units. */
export const errorTextCharsMax = 16 * 1024;
/** Own fields that are kept. */
export const errorFieldsMax = 64;
/** Bytes that the own fields of a tree of errors, or a thrown value, may take together when encoded. */
export const errorFieldBytesMax = 256 * 1024;
/** Notes on what one error could not keep. */
export const errorNotesMax = 32;
/** Errors that are kept of one tree of causes and collected errors, the outermost included. */
export const errorsMax = 32;

/** Containers that the data of such a tree puts around a field: at most three for each error on the way (data, list, fields). */
const containersAround = 3 * errorsMax;

/** A thrown value as data: any codec of values carries it. */
export type ErrorData = ErrorAsData | { readonly kind: "value"; readonly value: unknown };

export interface ErrorAsData {
  readonly kind: "error";
  /** "DataFlowerError" or the name of a builtin class. */
  readonly class: string;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Own fields, `code` included. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: ErrorData;
  readonly errors?: readonly ErrorData[];
  /** What was left out, a line each. */
  readonly notKept?: readonly string[];
}

/** Writes down whatever was thrown. Never throws. */
export function errorToData(thrown: unknown): ErrorData {
  const unreadable: ErrorData = { kind: "error", class: "Error", name: "Error", message: "What was thrown cannot be read", fields: {} };
  return attempt(() => toData(thrown, { errors: errorsMax, fieldBytes: errorFieldBytesMax }, []), unreadable);
}

/** What {@link errorToData} wrote down: an error of the same class, or the thrown value where it was data. */
export function dataToError(data: ErrorData): unknown {
  if (data.kind === "value") return data.value;
  const cause = data.cause === undefined ? {} : { cause: dataToError(data.cause) };
  const errors = data.errors === undefined ? {} : { errors: data.errors.map(dataToError) };
  const fields = data.notKept === undefined ? data.fields : { ...data.fields, notKept: data.notKept };
  if (data.class === "DataFlowerError" && isErrorCode(fields.code)) return dataFlowerError(fields.code, { ...data, fields }, cause);
  return buildError({ class: data.class, name: data.name, message: data.message, stack: data.stack, fields, ...cause, ...errors });
}

function dataFlowerError(code: ErrorCode, data: ErrorAsData, cause: { readonly cause?: unknown }): DataFlowerError {
  const error = new DataFlowerError(code, data.message, cause);
  Object.defineProperty(error, "stack", { value: data.stack, writable: true, configurable: true, enumerable: false });
  return Object.assign(error, data.fields);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(catalogue, code);
}

/** What more of the tree may be kept. */
interface Budget {
  errors: number;
  fieldBytes: number;
}

/** @param chain the errors that this one is a cause of, outermost first */
function toData(thrown: unknown, budget: Budget, chain: readonly unknown[]): ErrorData {
  budget.errors--;
  return attempt(() => thrown instanceof Error, false)
    ? new ErrorReader(thrown as Error, budget, chain).read()
    : thrownValueToData(thrown, budget);
}

function thrownValueToData(thrown: unknown, budget: Budget): ErrorData {
  const kept = keepable("value", () => thrown, budget);
  if ("value" in kept) return { kind: "value", value: kept.value };
  const message = cut(wellFormed(`Thrown was no error: ${describe(thrown)}`), 1024);
  return {
    kind: "error",
    class: "Error",
    name: "Error",
    message,
    fields: {},
    notKept: [cut(wellFormed(`what was thrown: ${kept.why}`), 1024)],
  };
}

/** Reads one error part by part, so that one part that throws does not take the others with it. */
class ErrorReader {
  readonly #error: Error;
  readonly #budget: Budget;
  readonly #chain: readonly unknown[];
  readonly #notKept: string[] = [];

  constructor(error: Error, budget: Budget, chain: readonly unknown[]) {
    this.#error = error;
    this.#budget = budget;
    this.#chain = [...chain, error];
  }

  read(): ErrorAsData {
    const error = this.#error;
    const stack = this.#text("stack");
    const data = {
      kind: "error",
      class: attempt(() => (error instanceof DataFlowerError ? "DataFlowerError" : builtinClassOf(error)), "Error"),
      name: cut(wellFormed(attempt(() => errorName(error), "Error")), 256),
      message: this.#text("message") ?? "",
      ...(stack === undefined ? {} : { stack }),
      fields: this.#fields(),
      ...this.#cause(),
      ...this.#errors(),
    } as const;
    return this.#notKept.length === 0 ? data : { ...data, notKept: this.#notKept };
  }

  #text(key: "message" | "stack"): string | undefined {
    const text = this.#property(key);
    if (typeof text === "string") return this.#shortened(key, wellFormed(text));
    if (text !== undefined) this.#note(`${key}: it is no text`);
    return undefined;
  }

  #shortened(key: string, text: string): string {
    if (text.length > errorTextCharsMax) this.#note(`${key}: cut from ${text.length} to ${errorTextCharsMax} characters`);
    return cut(text, errorTextCharsMax);
  }

  #fields(): Record<string, unknown> {
    const own = attempt(
      () => errorFieldKeys(this.#error),
      [],
      (thrown) => this.#note(`fields: listing them threw ${describe(thrown)}`),
    );
    const keys = own.filter((key) => key !== "__proto__" && key.isWellFormed());
    // Classes of some libraries and of the web platform hold their code in a getter, which is no own field.
    if (!keys.includes("code") && this.#property("code") !== undefined) keys.push("code");
    if (keys.length > errorFieldsMax) this.#note(`${keys.length - errorFieldsMax} more fields`);
    return Object.fromEntries(keys.slice(0, errorFieldsMax).flatMap((key) => this.#field(key)));
  }

  #field(key: string): [string, unknown][] {
    const kept = keepable(key, () => (this.#error as unknown as Record<string, unknown>)[key], this.#budget);
    if ("value" in kept) return [[key, kept.value]];
    this.#note(`${key}: ${kept.why}`);
    return [];
  }

  #cause(): { readonly cause?: ErrorData } {
    if (!attempt(() => "cause" in this.#error, false)) return {};
    const [cause] = this.#inner("cause", [this.#property("cause")]);
    return cause === undefined ? {} : { cause };
  }

  #errors(): { readonly errors?: readonly ErrorData[] } {
    const errors = attempt(() => builtinClassOf(this.#error) === "AggregateError", false) ? this.#property("errors") : undefined;
    return Array.isArray(errors) ? { errors: this.#inner("errors", errors) } : {};
  }

  /** What hangs below this error, as far as the budget reaches and without what the error itself hangs below. */
  #inner(key: string, list: readonly unknown[]): ErrorData[] {
    const inner: ErrorData[] = [];
    for (const [n, thrown] of list.entries()) {
      if (this.#budget.errors === 0) {
        this.#note(`${key}: ${list.length - n} more, beyond ${errorsMax} errors in all`);
        break;
      }
      if (this.#chain.includes(thrown)) this.#note(`${key}: an error that this one is a cause of`);
      else inner.push(toData(thrown, this.#budget, this.#chain));
    }
    return inner;
  }

  #property(key: string): unknown {
    return attempt(
      () => (this.#error as unknown as Record<string, unknown>)[key],
      undefined,
      (thrown) => this.#note(`${key}: reading it threw ${describe(thrown)}`),
    );
  }

  #note(text: string): void {
    if (this.#notKept.length < errorNotesMax) this.#notKept.push(cut(wellFormed(text), 1024));
  }
}

/** The canonical form of what `read` returns, if that is data and the budget allows. */
function keepable(key: string, read: () => unknown, budget: Budget): { readonly value: unknown } | { readonly why: string } {
  try {
    const value = copyValue(read());
    checkValue(within(value, containersAround));
    const size = encodeTrusted({ [key]: value }).length;
    if (size > budget.fieldBytes) return { why: `its ${size} bytes are more than the ${budget.fieldBytes} left of ${errorFieldBytesMax}` };
    budget.fieldBytes -= size;
    return { value };
  } catch (thrown) {
    return { why: describe(thrown) };
  }
}

/** A value inside so many lists. */
function within(value: unknown, containers: number): unknown {
  let outermost = value;
  for (let n = 0; n < containers; n++) outermost = [outermost];
  return outermost;
}

function attempt<T>(read: () => T, otherwise: T, failed: (thrown: unknown) => void = () => {}): T {
  try {
    return read();
  } catch (thrown) {
    failed(thrown);
    return otherwise;
  }
}

/** Cutting may split a surrogate pair, so the text is made well-formed again. */
function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : wellFormed(`${text.slice(0, charsMax - 1)}…`);
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}
