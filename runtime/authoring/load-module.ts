/**
 * Imports modules that users wrote, in any thread. JavaScript is imported plainly; TypeScript too where Node strips types,
 * otherwise through tsx where that is installed.
 */

import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { afterUnheld } from "../observe/system-clock.js";
import type { ModuleNamespace } from "./find-workflow.js";
import { found } from "./found.js";

/** Longest time in ms that a module may await at its top level. */
export const moduleLoadMsMax = 10_000;

const typescriptExtensions: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx"]);

/**
 * @param module path, taken from the working directory where it is relative, or `file:` URL
 * @param msMax after which a module that still awaits has failed. What it does goes on, and one that holds its thread holds this, too.
 * @throws DF_MODULE_NOT_FOUND, DF_TYPESCRIPT_UNSUPPORTED, DF_MODULE_FAILED with what the module threw as `cause`; what DataFlower
 *   itself threw while the module was loaded is thrown as it is
 */
export async function loadModule(module: string, msMax = moduleLoadMsMax): Promise<ModuleNamespace> {
  const url = moduleUrlOf(module);
  requireFile(url);
  if (typescriptExtensions.has(extname(fileURLToPath(url))) && !stripsTypes()) await useTsx(url);
  try {
    return (await within(msMax, import(url), url)) as ModuleNamespace; // a namespace is an object of exports
  } catch (cause) {
    // Told by its name: the module may have loaded another copy of this package.
    if (cause instanceof Error && cause.name === "DataFlowerError") throw cause;
    throw new DataFlowerError("DF_MODULE_FAILED", `Cannot load ${url} as a module must load without an error: found ${messageOf(cause)}`, {
      cause,
    });
  }
}

function within<Value>(msMax: number, loading: Promise<Value>, url: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (rule: string) =>
      reject(
        new DataFlowerError("DF_MODULE_FAILED", `Cannot load ${url} as a module must load ${rule}: found an await that has not ended`),
      );
    const endWait = whenIdle(() => giveUp("to its end"));
    const cancelDeadline = afterUnheld(msMax, () => giveUp(`within ${msMax} ms`));
    loading.then(resolve, reject).finally(() => {
      cancelDeadline();
      endWait();
    });
  });
}

const idleListeners = new Set<() => void>();
const tellIdle = (): void => {
  for (const listener of idleListeners) listener();
};

/**
 * Calls `listener` when nothing is left for the process to do: an await that nothing can settle would let it end as if all were well.
 * One listener of the process serves all modules that are being loaded. The answer takes it back.
 */
function whenIdle(listener: () => void): () => void {
  if (idleListeners.size === 0) process.on("beforeExit", tellIdle);
  idleListeners.add(listener);
  return () => {
    idleListeners.delete(listener);
    if (idleListeners.size === 0) process.off("beforeExit", tellIdle);
  };
}

export const moduleUrlOf = (module: string): string => (module.startsWith("file:") ? module : pathToFileURL(resolve(module)).href);

function requireFile(url: string): void {
  const kind = kindOf(url);
  if (kind === "a file") return;
  throw new DataFlowerError("DF_MODULE_NOT_FOUND", `Cannot load ${url} as a module must be a file: found ${kind}`);
}

/** What is there, or why it cannot be seen: a folder that may not be read, a URL of another host. */
function kindOf(url: string): string {
  try {
    const status = statSync(fileURLToPath(url), { throwIfNoEntry: false });
    if (status === undefined) return "nothing";
    return status.isFile() ? "a file" : "something else";
  } catch (cause) {
    return messageOf(cause);
  }
}

/** `process.features.typescript` is newer than the oldest Node that is supported. */
const stripsTypes = (): boolean => Boolean((process.features as { readonly typescript?: unknown }).typescript);

let registration: Promise<void> | undefined;

/** Once a thread: registering again would transform every module twice. */
async function useTsx(module: string): Promise<void> {
  registration ??= registerTsx(module);
  try {
    await registration;
  } catch (error) {
    registration = undefined; // the next module may have a tsx of its own
    throw error;
  }
}

/**
 * Both of tsx's loaders are needed: a folder whose package.json does not say `"type": "module"` holds CommonJS, which Node loads by
 * other means, even when it is imported.
 */
async function registerTsx(module: string): Promise<void> {
  // The module's own tsx first: it is the version that the module is developed with.
  const apis = tsxApis(module) ?? tsxApis(import.meta.url);
  if (apis === undefined) refuseTypescript(module);
  for (const api of apis) {
    const tsx = (await import(api.href)) as { register(): unknown }; // the one function that is called here
    tsx.register();
  }
}

const apiNames = ["./cjs/api", "./esm/api"] as const;

/** What this reads of tsx's package.json. */
interface TsxManifest {
  readonly exports: Readonly<Record<(typeof apiNames)[number], { readonly import: { readonly default: string } }>>;
}

/**
 * The URLs of tsx's two interfaces as an import from `from` would find them. require.resolve() finds what is meant for require(),
 * which does not work when it is imported; so the package's own table is read for the other one.
 */
function tsxApis(from: string): readonly URL[] | undefined {
  try {
    const require = createRequire(from);
    const { exports }: TsxManifest = require("tsx/package.json");
    const root = pathToFileURL(require.resolve("tsx/package.json"));
    return apiNames.map((name) => new URL(exports[name].import.default, root));
  } catch {
    return undefined; // not installed there, or too old to have them
  }
}

function refuseTypescript(module: string): never {
  throw new DataFlowerError(
    "DF_TYPESCRIPT_UNSUPPORTED",
    `Cannot load ${module} as Node ${process.version} does not strip types by itself: found no tsx; run "npm install tsx", use Node 22.18 or newer, or compile the module to JavaScript`,
  );
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : found(cause));
