/** Whether what a handler returned is a promise, of the language's own or any other. Reading its `then` may throw. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Promise || typeof (value as { then?: unknown }).then === "function";
}
