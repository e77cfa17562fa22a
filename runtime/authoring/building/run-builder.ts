import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { Flow } from "../flow.js";
import type { RefTo } from "../ref.js";
import type { BuiltDefinition } from "../workflow.js";
import { refState } from "./ref-proxy.js";
import type { UntypedFlow } from "./untyped-flow.js";

/** Calls a workflow's builder, once. @returns what the builder returned: a structure that may hold refs */
export function runBuilder({ name, build }: BuiltDefinition, flow: UntypedFlow, input: RefTo<unknown>): unknown {
  // The typed face has the same three methods; its types are checked in the user's program.
  return checkReturned(build(flow as unknown as Flow, input), `the builder of workflow ${name}`);
}

/** A graph is written in one go: what is added after the builder has returned would be missing in it. */
export function checkReturned(returned: unknown, what: string): unknown {
  if (refState(returned) !== undefined) return returned;
  if (typeof returned === "function") refuse(what, "return a ref or data", "a function");
  if (typeof returned !== "object" || returned === null || !("then" in returned)) return returned;
  // Its rejection, if there is one, would otherwise end the process before this error is read.
  if (returned instanceof Promise) returned.catch(() => {});
  refuse(what, "not be async: await inside tasks only", "a promise");
}

function refuse(what: string, rule: string, found: string): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot compile what was written as ${what} must ${rule}: found ${found}`);
}
