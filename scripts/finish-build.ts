/** What the compiler leaves undone: files of removed sources go, data that is no module comes along, and programs may be started by name. */
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { staleOutput } from "./checks/stale-output.js";

for (const path of staleOutput(process.cwd())) rmSync(path, { force: true });

for (const path of ["configs/prices.yaml"]) if (existsSync(path)) copyFileSync(path, `dist/${path}`);

const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as { bin: Record<string, string> };
for (const program of Object.values(bin)) if (existsSync(program)) chmodSync(program, 0o755);
