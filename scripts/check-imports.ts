/**
 * Holds the sources to the import rules of `checks/import-rules.ts`.
 *
 * The cruiser stumbles over syntax that its tree visitor does not know (`using`), and passes silently over what it cannot parse or does
 * not visit. So it reads excerpts, files that hold a source's imports and nothing else, and the check demands that it has seen every
 * file and every import.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { type Finding, isProgram, report, type Verdict } from "./checks/finding.js";
import { importRules } from "./checks/import-rules.js";
import { folders, sourceFiles } from "./checks/source-files.js";
import { type Import, importsOf } from "./checks/syntax.js";

/** Imports of every source, by path. */
type Excerpts = ReadonlyMap<string, readonly Import[]>;

/** Checks every source below `root`, which holds a package.json and, where packages are imported, node_modules. */
export async function checkImports(root: string): Promise<Verdict> {
  const excerpts: Excerpts = new Map(
    sourceFiles(root).map((path) => [excerptName(path), [...importsOf(readFileSync(join(root, path), "utf8"))]]),
  );
  const result = await cruiseExcerpts(root, excerpts);
  return { lookedAt: excerpts.size, findings: [...violations(result), ...oversights(excerpts, result)] };
}

/** The cruiser reads no CommonJS sources; their imports are judged alike. */
const excerptName = (path: string): string => path.replace(/\.[cm]ts$/, ".ts");

async function cruiseExcerpts(root: string, excerpts: Excerpts): Promise<ICruiseResult> {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "dataflower-imports-")));
  try {
    cpSync(join(root, "package.json"), join(copy, "package.json"));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    if (existsSync(join(root, "configs"))) symlinkSync(join(root, "configs"), join(copy, "configs")); // sources import data from there
    for (const [path, imports] of excerpts) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), imports.map(({ specifier }) => `import ${JSON.stringify(specifier)};\n`).join(""));
    }
    return await cruiseFolder(
      copy,
      folders.filter((folder) => [...excerpts.keys()].some((path) => path.startsWith(`${folder}/`))),
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function cruiseFolder(baseDir: string, present: string[]): Promise<ICruiseResult> {
  const { output } = await cruise(
    present,
    {
      baseDir,
      parser: "swc", // TypeScript 7 no longer offers the compiler's API
      validate: true,
      ruleSet: { forbidden: importRules },
      doNotFollow: { path: "(^|/)node_modules/" },
    },
    { exportsFields: ["exports"], conditionNames: ["node", "import", "types", "default"], bustTheCache: true },
  );
  if (typeof output === "string") throw new TypeError("Cannot read the cruiser's result as it should be an object: found text");
  return output;
}

function violations({ summary }: ICruiseResult): Finding[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const found =
      cycle === undefined
        ? `imports ${to.replace(/^.*(?=node_modules\/)/, "")}`
        : `imports itself through ${cycle.map((step) => step.name).join(" → ")}`;
    return { path: from, message: `${rule.name}: ${found}; ${importRules.find(({ name }) => name === rule.name)?.comment}` };
  });
}

/** Files and imports that the cruiser did not report: what it has not seen it has not judged. */
function oversights(excerpts: Excerpts, { modules }: ICruiseResult): Finding[] {
  const seen = new Map(modules.map(({ source, dependencies }) => [source, new Set(dependencies.map(({ module }) => module))]));
  return [...excerpts].flatMap(([path, imports]) => {
    const reported = seen.get(path);
    if (reported === undefined) return [{ path, message: "no-blind-spot: the cruiser did not read this file" }];
    return imports
      .filter(({ specifier }) => !reported.has(specifier.replace(/^node:/, "")))
      .map(({ specifier, line }) => ({ path, line, message: `no-blind-spot: the cruiser did not see the import of ${specifier}` }));
  });
}

if (isProgram(import.meta.url)) report("imports", await checkImports(process.cwd()));
