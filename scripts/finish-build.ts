/** What the compiler leaves undone: files of removed sources go, and programs may be started by name. */
import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import { staleOutput } from "./checks/stale-output.js";

for (const path of staleOutput(process.cwd())) rmSync(path, { force: true });

const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as { bin: Record<string, string> };
for (const program of Object.values(bin)) if (existsSync(program)) chmodSync(program, 0o755);
