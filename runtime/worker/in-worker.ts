const MARK = Symbol.for("dataflower.worker");

/** Marks this thread as a worker of an engine. */
export function markWorker(): void {
  (globalThis as Record<symbol, unknown>)[MARK] = true;
}

/** Whether this thread is a worker of an engine, of this or another copy of the package. */
export function isInWorker(): boolean {
  return (globalThis as Record<symbol, unknown>)[MARK] === true;
}
