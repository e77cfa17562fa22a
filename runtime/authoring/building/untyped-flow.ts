import type { RefTo } from "../ref.js";

/** A flow as it is at run time: what users hand in is checked, not trusted. */
export interface UntypedFlow {
  task(handler: unknown, inputs?: unknown, options?: unknown): RefTo<unknown>;
  map(list: unknown, body: unknown, options?: unknown): RefTo<unknown>;
  reduce(list: unknown, handler: unknown, options?: unknown): RefTo<unknown>;
}
