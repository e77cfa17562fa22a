import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { found } from "../found.js";
import type { UntypedHandler } from "../task-context.js";
import { refState } from "./ref-proxy.js";

/** The handlers of one workflow in the order of their first use. One function is one handler, however many tasks call it. */
export class HandlerTable {
  readonly handlers: UntypedHandler[] = [];
  readonly #numberOf = new Map<unknown, number>();

  /** @returns the handler's number */
  add(handler: unknown, call: string): number {
    if (typeof handler !== "function" || refState(handler) !== undefined) {
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot add a task as the handler given to ${call} must be a function: found ${found(handler)}`,
      );
    }
    const known = this.#numberOf.get(handler);
    if (known !== undefined) return known;
    this.#numberOf.set(handler, this.handlers.length);
    return this.handlers.push(handler as UntypedHandler) - 1; // a function; its types were the compiler's affair
  }

  names(): string[] {
    return this.handlers.map((handler) => handler.name);
  }
}
