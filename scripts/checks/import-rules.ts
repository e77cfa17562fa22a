/**
 * Who may import whom. Folders import downwards only:
 *
 *     scripts → bench → runtime → actors → schedulers
 *
 * and the parts that everything stands on know nothing of what stands on them.
 */
import type { IRegularForbiddenRuleType } from "dependency-cruiser";
import { folders, testFile } from "./source-files.js";

const production = "^(runtime|actors|schedulers)/";
const publicDoors = "^(runtime|schedulers|runtime/actor-system|runtime/simulation)/index\\.ts$";
/** How one process is told from another is nothing that is measured: who measures a run is told as who owns a store. */
const processIdentity = "^runtime/stores/lmdb/machine\\.ts$";
const microBenchesAndLadder = "^bench/(micro/|[^/]+/ladder|ladder)";

const direction: IRegularForbiddenRuleType[] = folders.slice(1).map((folder, index) => ({
  name: `${folder}-imports-downwards`,
  comment: `${folder}/ may import only the folders after it: ${folders.join(" → ")}`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: { path: `^(${folders.slice(0, index + 1).join("|")})/` },
}));

export const importRules: IRegularForbiddenRuleType[] = [
  ...direction,
  forbid("no-cycle", "two files that import each other are one file; types count too", {}, { circular: true }),
  forbid(
    "memory-stands-alone",
    "runtime/memory knows nothing else of runtime",
    inside("^runtime/memory/"),
    except("^runtime/", "^runtime/memory/"),
  ),
  forbid(
    "codec-stands-alone",
    "runtime/codec knows nothing else of runtime",
    inside("^runtime/codec/"),
    except("^runtime/", "^runtime/codec/"),
  ),
  forbid(
    "kernel-stands-alone",
    "actors/kernel knows nothing else of actors",
    inside("^actors/kernel/"),
    except("^actors/", "^actors/kernel/"),
  ),
  forbid("schedulers-import-nothing", "a policy is a pure function of facts that it is handed", except("^schedulers/", testFile.source), {
    pathNot: "^schedulers/",
  }),
  forbid("tests-are-leaves", "only tests may use what tests share", { pathNot: testFile.source }, inside(testFile.source)),
  forbid("no-test-imports-a-test", "put what two tests share into a .conformance.ts or .fixture.ts", {}, inside("\\.test\\.ts$")),
  forbid(
    "bench-uses-public-doors",
    "a benchmark measures what users get; micro benches and the ladder may look inside",
    except("^bench/", microBenchesAndLadder),
    {
      path: production,
      pathNot: `${publicDoors}|${processIdentity}`,
    },
  ),
  forbid("no-dev-dependency", "users do not have it; optional peers are fine", except(production, testFile.source), {
    dependencyTypes: ["npm-dev"],
    dependencyTypesNot: ["npm-peer", "npm-optional"],
  }),
  forbid("no-undeclared-dependency", "package.json does not list it", {}, { dependencyTypes: ["npm-no-pkg", "npm-unknown"] }),
  forbid(
    "threads-have-one-owner",
    "only the engine and the worker know how threads are made",
    except(production, "^runtime/(engine|worker)/"),
    packages("piscina", "comlink"),
  ),
  forbid("one-codec", "bytes are made in runtime/codec", except(production, "^runtime/codec/"), packages("msgpackr")),
  forbid("one-histogram", "latency is counted in runtime/observe", except(production, "^runtime/observe/"), packages("hdr-histogram-js")),
  forbid(
    "no-self-import",
    "the package's own name leads around all these rules",
    except(production, testFile.source),
    inside("^dataflower(/|$)"),
  ),
  // An import that is not found is an import that no rule above has judged. To bench, the package's own name is a public door.
  forbid("no-unresolvable", "the file or package does not exist", {}, { couldNotResolve: true, pathNot: "^dataflower(/|$)" }),
];

function forbid(
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType["from"],
  to: IRegularForbiddenRuleType["to"],
): IRegularForbiddenRuleType {
  return { name, comment, severity: "error", from, to };
}

function inside(path: string): { path: string } {
  return { path };
}

function except(path: string, pathNot: string): { path: string; pathNot: string } {
  return { path, pathNot };
}

function packages(...names: string[]): { path: string } {
  return { path: `(^|/)(node_modules/)?(${names.join("|")})(/|$)` };
}
