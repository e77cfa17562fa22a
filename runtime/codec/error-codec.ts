/**
 * Whatever was thrown, as data, and back.
 *
 * A thread boundary takes an error's class, code and fields away, and a program may throw anything. So what was thrown is written
 * down before it crosses: it is always possible, it never throws, and its size is bounded. DataFlowerError and the builtin classes
 * come back as themselves, other errors as the builtin class that they extend, with their own name; errors of another realm (`node:vm`)
 * as those of this one; thrown data as that data. Texts are cut, with an ellipsis, fields are kept or left out whole. What could not be
 * kept is listed in the error's field `notKept`.
 */

import { isNativeError } from "node:util/types";
import { catalogue, DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
import { checkValue, copyValue } from "../../actors/kernel/value.js";
import { buildError, builtinErrors, errorFieldKeys, errorName } from "../../actors/kernel/value-error.js";
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
  return isError(thrown) ? new ErrorReader(thrown as Error, budget, chain).read() : thrownValueToData(thrown, budget);
}

/** Errors of another realm are no instances of this one's class, and neither are those without a prototype. */
function isError(thrown: unknown): boolean {
  return attempt(() => thrown instanceof Error, false) || isNativeError(thrown);
}

/** Name of the class that an error comes back as. */
function classOf(error: Error): string {
  if (error instanceof DataFlowerError) return "DataFlowerError";
  const isForeign = !(error instanceof Error);
  for (let prototype = prototypeOf(error); prototype !== null; prototype = prototypeOf(prototype)) {
    const maker: unknown = Object.hasOwn(prototype, "constructor") ? prototype.constructor : undefined;
    const name: unknown = typeof maker === "function" ? maker.name : undefined;
    if (isBuiltinName(name) && (isForeign || maker === builtinErrors[name])) return name;
  }
  return "Error";
}

const prototypeOf = (value: object): object | null => Object.getPrototypeOf(value) as object | null; // TypeScript says any

function isBuiltinName(name: unknown): name is keyof typeof builtinErrors {
  return typeof name === "string" && Object.hasOwn(builtinErrors, name);
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
  readonly #class: string;
  readonly #budget: Budget;
  readonly #chain: readonly unknown[];
  readonly #notKept: string[] = [];

  constructor(error: Error, budget: Budget, chain: readonly unknown[]) {
    this.#error = error;
    this.#class = attempt(() => classOf(error), "Error");
    this.#budget = budget;
    this.#chain = [...chain, error];
  }

  read(): ErrorAsData {
    const error = this.#error;
    const stack = this.#text("stack");
    const data = {
      kind: "error",
      class: this.#class,
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
    const keys = own.filter((key) => key !== "__proto__" && key.isWellFormed() && !(this.#collects && key === "errors"));
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
    const errors = this.#collects ? this.#property("errors") : undefined;
    return isList(errors) ? { errors: this.#inner("errors", errors) } : {};
  }

  get #collects(): boolean {
    return this.#class === "AggregateError";
  }

  /** What hangs below this error, as far as the budget reaches and without what the error itself hangs below. */
  #inner(key: string, list: readonly unknown[]): ErrorData[] {
    const inner: ErrorData[] = [];
    const length = attempt(() => list.length, 0);
    for (let n = 0; n < length; n++) {
      if (this.#budget.errors === 0) {
        this.#note(`${key}: ${length - n} more, beyond ${errorsMax} errors in all`);
        break;
      }
      const thrown = this.#item(key, list, n);
      if (this.#chain.includes(thrown)) this.#note(`${key}: an error that this one is a cause of`);
      else inner.push(toData(thrown, this.#budget, this.#chain));
    }
    return inner;
  }

  #property(key: string): unknown {
    return this.#reading(key, () => (this.#error as unknown as Record<string, unknown>)[key]);
  }

  #item(key: string, list: readonly unknown[], at: number): unknown {
    return this.#reading(`${key}[${at}]`, () => list[at]);
  }

  #reading(path: string, read: () => unknown): unknown {
    return attempt(read, undefined, (thrown) => this.#note(`${path}: reading it threw ${describe(thrown)}`));
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

/** A revoked proxy throws when it is asked. */
const isList = (value: unknown): value is readonly unknown[] => attempt(() => Array.isArray(value), false);

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
