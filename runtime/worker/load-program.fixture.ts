import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { type LoadOptions, loadWorkflow } from "./load-workflow.fixture.js";
import { type Handlers, type Program, type Writer, write } from "./random-program.fixture.js";

type AnyHandler = (input: never) => unknown;

/** A random program as a workflow. */
export function loadProgram(program: Program, handlers: Handlers, options: LoadOptions = {}): LoadedWorkflow {
  return loadWorkflow((flow, input) => {
    const field = (of: unknown, key: string) => (of as Record<string, unknown>)[key];
    const writer: Writer = {
      task: (handler, given) => flow.task(handler as AnyHandler, given),
      map: (list, body, more) => flow.map(list, body, more),
      reduce: (list, handler, more) => flow.reduce(list, handler as AnyHandler, more),
      field,
    };
    return write(program, writer, handlers, input);
  }, options);
}
