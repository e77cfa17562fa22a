import { assert } from "../../actors/kernel/assert.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { HandlerTable } from "./building/handler-table.js";
import { createIndexRef, createRef, type RefOwner } from "./building/ref-proxy.js";
import { runBuilder } from "./building/run-builder.js";
import type { UntypedFlow } from "./building/untyped-flow.js";
import type { RefTo } from "./ref.js";
import type { UntypedHandler } from "./task-context.js";
import { requireDefinition, type Workflow } from "./workflow.js";

/** Differences that a message lists; one is enough to see what happened, a thousand hide it. */
const differencesMax = 5;

/**
 * Lists a workflow's handlers on another thread than the one that compiled it. Functions do not cross threads, so the builder runs
 * again, for their sake only.
 *
 * @returns the handlers in the order of the compiled workflow
 * @throws DF_BUILDER_UNSTABLE if names or count differ from those of the compiled workflow
 */
export function listHandlers(
  workflow: Workflow<never, unknown>,
  compiled: { readonly handlerNames: readonly string[] },
): readonly UntypedHandler[] {
  const definition = requireDefinition(workflow);
  assert(definition.kind === "built", "only a module exports workflows, and it has built them");
  const flow = new ListingFlow();
  runBuilder(definition, flow, flow.input);
  const found = differences(compiled.handlerNames, flow.handlers.names());
  if (found.length === 0) return flow.handlers.handlers;
  throw new DataFlowerError(
    "DF_BUILDER_UNSTABLE",
    `Cannot use workflow ${definition.name} in this thread as its builder must list the same handlers in every thread: found ${found.join("; ")}`,
  );
}

/** A flow that remembers handlers and nothing else. */
class ListingFlow implements UntypedFlow, RefOwner {
  readonly handlers = new HandlerTable();
  readonly input: RefTo<unknown> = createRef(this, 0);
  #nodeCount = 1;

  label(node: number): string {
    return node === 0 ? "input" : `node ${node}`;
  }

  task(handler: unknown): RefTo<unknown> {
    this.handlers.add(handler, "flow.task");
    return this.#node();
  }

  map(_list: unknown, body: unknown): RefTo<unknown> {
    const item = this.#nodeCount++;
    if (typeof body === "function") body(createRef(this, item), createIndexRef(this, item));
    return this.#node();
  }

  reduce(_list: unknown, handler: unknown): RefTo<unknown> {
    this.handlers.add(handler, "flow.reduce");
    return this.#node();
  }

  #node(): RefTo<unknown> {
    return createRef(this, this.#nodeCount++);
  }
}

function differences(expected: readonly string[], listed: readonly string[]): string[] {
  const found: string[] = [];
  if (expected.length !== listed.length) found.push(`${listed.length} handlers instead of ${expected.length}`);
  for (let at = 0; at < Math.max(expected.length, listed.length) && found.length < differencesMax; at++) {
    if (expected[at] !== listed[at]) found.push(`#${at} ${shown(listed[at])} instead of ${shown(expected[at])}`);
  }
  return found;
}

const shown = (name: string | undefined): string => (name === undefined ? "none" : name === "" ? "a function without a name" : name);
