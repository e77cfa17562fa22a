import { requireOneOf } from "../../authoring/option-checks.js";
import { graphFormats, renderGraph } from "../../authoring/render-graph.js";
import { openGraph } from "../../authoring/topology.js";
import { type ExitCode, exitCodes } from "../exit-code.js";
import type { Terminal } from "../terminal.js";
import { compileWorkflow, openFile, selectWorkflow } from "../workflow-file.js";

export interface GraphFlags {
  readonly workflow?: string;
  readonly format: string;
}

/** `dataflower graph`: draws a workflow as text. */
export async function graph(file: string, flags: GraphFlags, terminal: Terminal): Promise<ExitCode> {
  const format = requireOneOf("--format", flags.format, graphFormats);
  const workflow = selectWorkflow(await openFile(file), flags.workflow);
  terminal.print(renderGraph(openGraph(compileWorkflow(workflow).topology), format));
  return exitCodes.completed;
}
