import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const BUILD_TIMEOUT_MS = 300_000;
const MANIFEST = "package-lock.json";
const MODULES = "node_modules";
const MEASURING_CODE = join("dist", "bench");

/** Another commit of this package, built in a folder of its own: its runtime under the measuring code of this one. */
export interface BuiltCommit {
  /** In full. */
  readonly commit: string;
  readonly root: string;
  remove(): void;
}

/**
 * Builds a commit beside this package. What measures is taken from this package as it is built now, so that both are measured by the same code and only
 * what lies behind the public interface differs; a commit whose public interface is older than the measuring code fails when it is measured.
 * Rejects when git does not know the commit and when it cannot be built.
 */
export async function buildCommit(packageRoot: string, ref: string): Promise<BuiltCommit> {
  const commit = await resolveCommit(packageRoot, ref);
  const root = mkdtempSync(join(tmpdir(), "dataflower-compare-"));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    await extract(packageRoot, commit, root);
    await installModules(packageRoot, root);
    await execute("npm", ["run", "build"], root);
    rmSync(join(root, MEASURING_CODE), { recursive: true, force: true });
    cpSync(join(packageRoot, MEASURING_CODE), join(root, MEASURING_CODE), { recursive: true });
    return { commit, root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function resolveCommit(packageRoot: string, ref: string): Promise<string> {
  try {
    const { stdout } = await run("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], { cwd: packageRoot });
    return stdout.trim();
  } catch (error) {
    throw new Error(`Cannot compare as git knows no commit of this name here: ${ref}`, { cause: error });
  }
}

async function extract(packageRoot: string, commit: string, folder: string): Promise<void> {
  const archive = join(folder, "commit.tar");
  await execute("git", ["archive", "--output", archive, commit], packageRoot);
  await execute("tar", ["-xf", archive], folder);
  rmSync(archive);
}

/** The same locked packages need not be installed twice. */
async function installModules(packageRoot: string, folder: string): Promise<void> {
  const isSame = readFileSync(join(packageRoot, MANIFEST), "utf8") === readFileSync(join(folder, MANIFEST), "utf8");
  if (isSame) symlinkSync(join(packageRoot, MODULES), join(folder, MODULES));
  else await execute("npm", ["ci", "--ignore-scripts"], folder);
}

async function execute(program: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await run(program, args, { cwd, timeout: BUILD_TIMEOUT_MS });
  } catch (error) {
    // as: what execFile rejects with
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`Cannot compare as \`${program} ${args.join(" ")}\` failed: ${`${stdout}${stderr}`.trim() || String(error)}`, {
      cause: error,
    });
  }
}
