/**
 * Looks for what does not belong into the repository, and for copies of one truth that have drifted apart: tracked files against the
 * machine they were written on, the lockfile against registries, README against error catalogue, package.json against what was built.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withErrorTable } from "./checks/error-table.js";
import { type Finding, isProgram, report, type Verdict } from "./checks/finding.js";
import { staleOutput } from "./checks/stale-output.js";

/** What users may import, each with the folder whose index it is. */
const doors: Readonly<Record<string, string>> = {
  ".": "runtime",
  "./actors": "runtime/actor-system",
  "./schedulers": "schedulers",
  "./simulation": "runtime/simulation",
};
const files: Readonly<Record<string, string>> = {
  "./prices.yaml": "./dist/configs/prices.yaml",
  "./workflow.schema.json": "./dist/configs/workflow.schema.json",
};

/** Checks the git working tree at `root`, which has been built. */
export function checkHygiene(root: string): Verdict {
  const tracked = trackedFiles(root);
  const findings = [
    ...tracked.flatMap((path) => machineTraces(path, readFileSync(join(root, path), "utf8"))),
    ...lockfileFindings(root),
    ...errorTableFindings(root),
    ...doorFindings(root),
    ...staleOutput(root).map((path) => ({ path, message: "stale-output: its source is gone; `npm run build` removes it" })),
  ];
  return { lookedAt: tracked.length, findings };
}

/** Files that are committed, or would be by `git add .`. */
function trackedFiles(root: string): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
}

/** Written as lists so that this file does not find itself. */
const machineFolder = new RegExp(`(?<![\\w.~*-])/(${["work", "home", "root", "Users"].join("|")})/`);
const registryHost = new RegExp(`\\b(${["registry", "npm"].join("|")})\\.[\\w.-]+\\.(com|org|net|io|dev|internal|local)\\b`);

function machineTraces(path: string, text: string): Finding[] {
  return text.split("\n").flatMap((content, index) => {
    const at = { path, line: index + 1 };
    const folder = machineFolder.exec(content);
    const host = registryHost.exec(content);
    return [
      ...(folder === null
        ? []
        : [{ ...at, message: `machine-path: found ${folder[0]}; paths start at the project or come from the caller` }]),
      ...(host === null ? [] : [{ ...at, message: `registry-host: found ${host[0]}; where packages come from is the installer's choice` }]),
      ...(path === "package-lock.json" && content.includes('"resolved":')
        ? [{ ...at, message: "registry-host: found a resolved address; .npmrc keeps them out of the lockfile" }]
        : []),
    ];
  });
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

/** Binaries come as optional packages, one for each platform. `npm ci` refuses a lockfile that lists those of one platform only. */
function lockfileFindings(root: string): Finding[] {
  const path = "package-lock.json";
  const { packages } = JSON.parse(readFileSync(join(root, path), "utf8")) as Lockfile;
  return Object.entries(packages).flatMap(([location, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in packages) && !(`${location}/node_modules/${name}` in packages))
      .map((name) => ({ path, message: `lockfile: ${location} names ${name}, which has no entry; npm ci fails` })),
  );
}

function errorTableFindings(root: string): Finding[] {
  const path = "README.md";
  if (!existsSync(join(root, path))) return [{ path, message: "error-table: there is no README" }];
  const readme = readFileSync(join(root, path), "utf8");
  const current = withErrorTable(readme);
  if (current === undefined) return [{ path, message: "error-table: it must hold <!-- errors:begin --> and <!-- errors:end -->" }];
  return current === readme ? [] : [{ path, message: "error-table: it differs from actors/kernel/errors.ts; run `npm run docs`" }];
}

function doorFindings(root: string): Finding[] {
  const path = "package.json";
  const { exports: listed } = JSON.parse(readFileSync(join(root, path), "utf8")) as { exports: unknown };
  const indexes = Object.fromEntries(
    Object.entries(doors).map(([door, folder]) => [door, { types: `./dist/${folder}/index.d.ts`, default: `./dist/${folder}/index.js` }]),
  );
  const expected = { ...indexes, ...files };
  if (JSON.stringify(listed) !== JSON.stringify(expected)) return [{ path, message: `doors: exports must be ${JSON.stringify(expected)}` }];
  return [...Object.values(indexes).flatMap(({ types, default: code }) => [types, code]), ...Object.values(files)]
    .filter((file) => !existsSync(join(root, file)))
    .map((file) => ({ path, message: `doors: ${file} is exported and was not built` }));
}

if (isProgram(import.meta.url)) report("hygiene", checkHygiene(process.cwd()));
