import { readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { compileListed, type ListedHandler } from "../compile-listed.js";
import type { CompiledWorkflow } from "../compiled-workflow.js";
import { found } from "../found.js";
import type { HandlerExport } from "../handler-source.js";
import { loadHandler } from "../load-handlers.js";
import { moduleInside } from "./module-inside.js";
import type { NamedHandler } from "./parse-yaml-workflow.js";
import { placed } from "./placed-error.js";
import { fileBytesMax } from "./yaml-limits.js";

/**
 * Reads a workflow from a YAML file and loads, on this thread, the modules that it names: they lie in the file's own folder or below it.
 * Nothing is loaded before all that the file says has been checked, and the parser only once there is a file to read.
 *
 * @param file path, from the working directory where it is relative
 * @param moduleMsMax see loadModule()
 * @throws DF_MODULE_NOT_FOUND for the file itself; what parseYamlWorkflow() throws; DF_MODULE_OUTSIDE, DF_MODULE_NO_HANDLER, and what
 *   loading a module raises
 */
export async function readYamlWorkflow(file: string, moduleMsMax?: number): Promise<CompiledWorkflow> {
  const text = readText(file);
  const { parseYamlWorkflow } = await import("./parse-yaml-workflow.js");
  const parsed = parseYamlWorkflow(text, file);
  const root = realpathSync(dirname(resolve(file)));
  const inFolder = parsed.handlers.map((handler) => inside(root, handler)); // all of them, before the first is loaded
  const handlers: ListedHandler[] = [];
  for (const one of inFolder) handlers.push(await loaded(one, moduleMsMax));
  return compileListed({ ...parsed, handlers });
}

interface HandlerInFolder extends HandlerExport {
  readonly place: () => string;
}

function inside(root: string, { module, name, place }: NamedHandler): HandlerInFolder {
  try {
    return { module: moduleInside(root, module), name, place };
  } catch (error) {
    throw placed(error, place());
  }
}

async function loaded({ module, name, place }: HandlerInFolder, moduleMsMax: number | undefined): Promise<ListedHandler> {
  try {
    return { module, name, handler: await loadHandler({ module, name }, moduleMsMax) };
  } catch (error) {
    throw placed(error, place());
  }
}

function readText(file: string): string {
  const bytes = readBytes(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DataFlowerError("DF_SPEC_INVALID", `${file}:1: Cannot read this as it must be UTF-8: found other bytes`);
  }
}

function readBytes(file: string): Uint8Array {
  const size = sizeOf(file);
  if (size > fileBytesMax) {
    throw new DataFlowerError("DF_SPEC_INVALID", `${file}:1: Cannot read this as a file is at most ${fileBytesMax} bytes: found ${size}`);
  }
  try {
    return readFileSync(file);
  } catch (cause) {
    refuseFile(file, messageOf(cause), cause);
  }
}

/** A pipe or a folder is no file: reading it might not end. */
function sizeOf(file: string): number {
  let status: Stats | undefined;
  try {
    status = statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    refuseFile(file, messageOf(cause), cause);
  }
  if (status?.isFile()) return status.size;
  refuseFile(file, status === undefined ? "nothing" : "something else");
}

function refuseFile(file: string, what: string, cause?: unknown): never {
  throw new DataFlowerError("DF_MODULE_NOT_FOUND", `Cannot read ${found(file)} as a workflow must be a file: found ${what}`, { cause });
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : found(cause));
