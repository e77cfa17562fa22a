/**
 * The last step of the build: joins the compiled files that are loaded together. A thread then loads a few files instead of 130, each of which costs it
 * more to find than to execute. What is joined stands in `dist/runtime/chunks`; doors and programs keep their places, and all other compiled files stay
 * for tests and benchmarks of the parts. It reads what the compiler has just written: it cannot be repeated without it.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ChunkingContext, rolldown } from "rolldown";
import { chunksFolder } from "./checks/stale-output.js";

const WORKER = "runtime/worker/worker-main";
/** The program of a child process, which has a thread of its own. */
const CHILD = "runtime/executors/process/child-main";
/** What its main thread executes. */
const HOST = "runtime/executors/process/child-host";
/** Imported only by a test, which holds errors of the package against it: unlike other entries it is joined with what it is loaded with. */
const CODEC = "runtime/codec/error-codec";
const ACTOR_WORKER = "runtime/actor-system/actor-worker-main";
/** Everything that is imported or started by its name from elsewhere. */
const ENTRIES = [
  "runtime/index",
  "runtime/actor-system/index",
  "schedulers/index",
  "runtime/simulation/index",
  "runtime/cli/main",
  WORKER,
  ACTOR_WORKER,
  CODEC,
  CHILD,
  "runtime/executors/process/child-watch",
];
/** Workers find its handlers by their module and name. */
const BODIES = /\/wfformat\/bodies\.js$/;

/**
 * Who loads what first: whoever writes a workflow, the program that has only read its command line, whoever executes an attempt, who starts threads, a
 * worker, the control thread.
 * Each adds what those before it have not loaded. All else is split where it is imported lazily.
 */
const GROUPS = [
  { name: "authoring", of: ["runtime/index"] },
  { name: "common", of: ["runtime/cli/main", WORKER] },
  { name: "attempt", of: [HOST, WORKER] },
  { name: "options", of: ["runtime/engine/options"] },
  { name: "worker", of: [WORKER] },
  { name: "engine", of: ["runtime/engine/engine"] },
];

/** What pages of reports execute: one script, which stands in each of them. */
const PAGE_SCRIPT = "bench/report/pages/client.js";

await bundle(join(process.cwd(), "dist"));
await bundlePageScript(join(process.cwd(), "dist", PAGE_SCRIPT));

async function bundle(dist: string): Promise<void> {
  rmSync(join(dist, chunksFolder), { recursive: true, force: true });
  const fileOf = (name: string) => join(dist, `${name}.js`);
  const entries = new Set(ENTRIES.filter((name) => name !== CODEC).map(fileOf));
  const loadedBy = new Map<string, Set<string>>();
  const isLoadedBy = (first: string, id: string, context: ChunkingContext): boolean => {
    const loaded = loadedBy.get(first) ?? reachableFrom(fileOf(first), context);
    loadedBy.set(first, loaded);
    return loaded.has(id);
  };
  const groups = GROUPS.map(({ name, of }, place) => ({
    name: (id: string, context: ChunkingContext) => (!entries.has(id) && of.every((first) => isLoadedBy(first, id, context)) ? name : null),
    debugName: name,
    priority: GROUPS.length - place,
  }));
  const build = await rolldown({
    platform: "node",
    input: Object.fromEntries(ENTRIES.map((name) => [name, fileOf(name)])),
    external: (id) => BODIES.test(id) || !/^[./]/.test(id),
    plugins: [{ name: "compiled", load: (id) => (id.endsWith(".js") ? compiled(id) : null) }],
  });
  await build.write({
    dir: dist,
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: `${chunksFolder}/[name].js`,
    codeSplitting: { groups },
  });
  await build.close();
}

/** In the place of the compiled module that it begins with. */
async function bundlePageScript(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const build = await rolldown({ input: file, platform: "browser", treeshake: true });
  await build.write({ file, format: "iife", minify: true });
  await build.close();
}

/** A module and all that it imports, unless lazily. */
function reachableFrom(first: string, context: ChunkingContext): Set<string> {
  const found = new Set([first]);
  for (const id of found) for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

/** With its map, so that what is joined leads to the sources. */
function compiled(path: string): { code: string; map: string } {
  return { code: readFileSync(path, "utf8"), map: readFileSync(`${path}.map`, "utf8") };
}
