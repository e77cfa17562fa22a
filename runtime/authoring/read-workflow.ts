import { extname } from "node:path";
import { refuseOption, requireNumber, requireOneOf, requireOptions } from "./option-checks.js";
import { readTextFile } from "./read-text-file.js";
import type { Trace } from "./wfformat/trace.js";
import type { TraceBody } from "./wfformat/trace-workflow.js";
import { compiledWorkflow, type Workflow } from "./workflow.js";

/** How a trace is replayed; of no use for other files, where they are refused. */
export interface ReadOptions {
  /** What its tasks do. "none": they only compute their hashes; "timer": they wait; "spin": they keep their thread busy. @defaultValue "none" */
  body?: TraceBody;
  /** Recorded run times are multiplied by it. @defaultValue 1 */
  timeScale?: number;
}

/** What a file holds that describes a workflow without being a module. */
export interface WorkflowFile {
  readonly workflow: Workflow<unknown, unknown>;
  /** Where it is a recorded execution. */
  readonly trace: Trace | undefined;
  readonly timeScale: number;
}

const yaml: ReadonlySet<string> = new Set([".yaml", ".yml"]);
/** What tasks of a replayed trace may do. */
export const traceBodies = ["none", "timer", "spin"] as const satisfies readonly TraceBody[];
const timeScaleMax = 1e9;

/** Whether FILE is read by {@link readWorkflow}; otherwise it is a module. */
export const describesWorkflow = (file: string): boolean =>
  yaml.has(extname(file).toLowerCase()) || extname(file).toLowerCase() === ".json";

/**
 * Reads a workflow from a file: a DataFlower YAML (.yaml, .yml), or a recorded execution in WfFormat 1.0 to 1.5 (.json), whose tasks pass
 * on hashes of what they are and what they were given.
 *
 * @param file path, taken from the working directory where it is relative
 * @throws DF_SPEC_INVALID with the place in the file, DF_MODULE_… for modules that a YAML file names, DF_OPTION_INVALID
 */
export async function readWorkflow(file: string, options?: ReadOptions): Promise<Workflow<unknown, unknown>> {
  return (await readWorkflowFile(file, options)).workflow;
}

/** As {@link readWorkflow}, with what is known besides. */
export async function readWorkflowFile(file: string, options?: ReadOptions): Promise<WorkflowFile> {
  if (typeof file !== "string" || !describesWorkflow(file)) refuseOption("file", "a path that ends in .yaml, .yml or .json", file);
  const { body = "none", timeScale = 1 } = requireOptions("read", options, ["body", "timeScale"]);
  const replay = {
    body: requireOneOf("read.body", body, traceBodies),
    timeScale: requireNumber("read.timeScale", timeScale, { min: 0, max: timeScaleMax }),
  };
  // Parsers and schemas are loaded when a file needs them: most programs read none.
  if (yaml.has(extname(file).toLowerCase())) {
    if (options !== undefined && Object.keys(options).length > 0)
      refuseOption("read", "absent for a YAML file, which is not replayed", options);
    const { readYamlWorkflow } = await import("./yaml/read-yaml-workflow.js");
    return { workflow: compiledWorkflow(await readYamlWorkflow(file)), trace: undefined, timeScale: 1 };
  }
  const { parseWfFormat } = await import("./wfformat/parse.js");
  const { traceWorkflow } = await import("./wfformat/trace-workflow.js");
  const trace = parseWfFormat(readTextFile("FILE", file), file);
  return { workflow: compiledWorkflow(traceWorkflow(trace, replay)), trace, timeScale: replay.timeScale };
}
