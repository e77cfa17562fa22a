/**
 * What of an error is data: class, name, message, stack, cause, own fields.
 *
 * Builtin classes are kept. An error of any other class becomes an `Error` that carries the name of its class. Own fields are the
 * enumerable ones with string keys; what Node and V8 hang on errors beside them (symbols, hidden functions) is not seen.
 */

/** An error taken apart. Every property of the error is read once. */
export interface ErrorParts {
  /** A key of {@link builtinErrors}. */
  readonly class: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Present when the error has a cause; undefined may be a cause. */
  readonly cause?: unknown;
  /** What an AggregateError collects. */
  readonly errors?: unknown;
}

export const builtinErrors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError } as const;

const classNames = new Map<object, string>(Object.entries(builtinErrors).map(([name, builtin]) => [builtin.prototype, name]));

const ownParts: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"]);

/** Name of the builtin class whose direct instance this is; "Error" for every other error. */
export function builtinClassOf(error: Error): string {
  return classNames.get(Object.getPrototypeOf(error)) ?? "Error";
}

/** An error's own name; that of its class where neither it nor its class sets one. */
export function errorName(error: Error): string {
  const name: unknown = error.name;
  if (name !== "Error" && !isNamedByBuiltin(error)) return typeof name === "string" ? name : "Error";
  const className: unknown = error.constructor?.name;
  return typeof className === "string" && className !== "" ? className : String(name);
}

/** Whether the name that an error shows is that of the builtin class which its own class extends. */
function isNamedByBuiltin(error: Error): boolean {
  let owner: object | null = error;
  while (owner !== null && !Object.hasOwn(owner, "name")) owner = Object.getPrototypeOf(owner) as object | null; // TypeScript says any
  return owner !== null && classNames.has(owner);
}

/** Keys of the fields that a program added to an error. */
export function errorFieldKeys(error: Error): string[] {
  const collects = builtinClassOf(error) === "AggregateError";
  return Object.keys(error).filter((key) => !ownParts.has(key) && !(collects && key === "errors"));
}

/** Takes an error apart. Throws what its getters throw. */
export function readErrorParts(error: Error): ErrorParts {
  const className = builtinClassOf(error);
  const stack: unknown = error.stack;
  const fields: Record<string, unknown> = Object.create(null);
  for (const key of errorFieldKeys(error)) fields[key] = (error as unknown as Record<string, unknown>)[key];
  return {
    class: className,
    name: errorName(error),
    message: error.message,
    stack: typeof stack === "string" ? stack : undefined,
    fields,
    ...("cause" in error ? { cause: error.cause } : {}),
    ...(className === "AggregateError" ? { errors: (error as AggregateError).errors as unknown } : {}),
  };
}

/** Puts an error together. It takes `cause`, `errors` and the values of `fields` as they are. */
export function buildError(parts: ErrorParts): Error {
  const error = parts.class === "AggregateError" ? new AggregateError([], parts.message) : new (simpleClass(parts.class))(parts.message);
  if (error.name !== parts.name) hide(error, "name", parts.name);
  hide(error, "stack", parts.stack);
  if ("cause" in parts) hide(error, "cause", parts.cause);
  if ("errors" in parts) hide(error, "errors", parts.errors);
  return Object.assign(error, parts.fields);
}

function simpleClass(name: string): ErrorConstructor {
  if (name === "AggregateError" || !Object.hasOwn(builtinErrors, name)) return Error;
  return builtinErrors[name as Exclude<keyof typeof builtinErrors, "AggregateError">];
}

/** Defines a property as the language defines those of errors: there, but not listed. */
function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}
