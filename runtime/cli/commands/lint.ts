import { loadHandlers } from "../../authoring/load-handlers.js";
import { openGraph } from "../../authoring/topology.js";
import { errorLines } from "../error-lines.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.js";
import { sizeOf } from "../graph-size.js";
import type { Terminal } from "../terminal.js";
import { type AnyWorkflow, compileWorkflow, openFile } from "../workflow-file.js";

/** `dataflower lint`: does with every workflow of a file what an engine does before a run, and runs nothing. */
export async function lint(file: string, terminal: Terminal): Promise<ExitCode> {
  const { workflows } = await openFile(file);
  let worst: ExitCode = exitCodes.completed;
  for (const workflow of workflows) {
    try {
      terminal.print(`${workflow.name}: ${await check(workflow)}\n`);
    } catch (error) {
      terminal.say(errorLines(error));
      worst = exitCodeOf(error);
    }
  }
  return worst;
}

/** Workers find the workflow by the module that it names, and run its builder again. */
async function check(workflow: AnyWorkflow): Promise<string> {
  const compiled = compileWorkflow(workflow);
  await loadHandlers(compiled.name, compiled.source);
  const { tasks, edges } = sizeOf(openGraph(compiled.topology));
  return `ok, ${tasks} ${tasks === 1 ? "task" : "tasks"}, ${edges} ${edges === 1 ? "edge" : "edges"}`;
}
