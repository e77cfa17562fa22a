import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<"dataflower", string>>;
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The tarball that `npm publish` would upload, and a folder for projects that install it. No network is needed. */
export class PackedPackage {
  /** Paths inside the package. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
  readonly #folder: string;
  readonly #tarball: string;

  constructor() {
    this.#folder = realpathSync(mkdtempSync(join(tmpdir(), "dataflower packed ")));
    const report = execFileSync("npm", ["pack", "--json", "--pack-destination", this.#folder], { cwd: repository, encoding: "utf8" });
    const [packed] = JSON.parse(report) as [{ filename: string; files: { path: string }[] }];
    this.files = packed.files.map(({ path }) => path);
    this.#tarball = join(this.#folder, packed.filename);
    this.manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as Manifest;
  }

  /** A new project, in a folder whose name has a space, that has installed the package and `others` from what this repository has. */
  installedIn(name: string, files: Readonly<Record<string, string>>, others: readonly string[] = []): Project {
    const root = join(this.#folder, name);
    const installed = join(root, "node_modules", "dataflower");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["--extract", "--gzip", "--file", this.#tarball, "--strip-components", "1", "--directory", installed]);
    for (const dependency of [...Object.keys(this.manifest.dependencies), ...others]) {
      const link = join(root, "node_modules", dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(repository, "node_modules", dependency), link);
    }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    return new Project(root, join(installed, this.manifest.bin.dataflower));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export class Project {
  readonly #root: string;
  readonly #program: string;

  constructor(root: string, program: string) {
    this.#root = root;
    this.#program = program;
  }

  /** Runs `dataflower …` in the project. */
  dataflower(...options: string[]): Outcome {
    return this.node(this.#program, ...options);
  }

  /** Runs `node …` in the project. */
  node(...options: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, options, { cwd: this.#root, encoding: "utf8", timeout: 60_000 });
    return { status, stdout, stderr };
  }

  /** Checks the project's types by a compiler that this repository has installed under the given name. */
  typeCheck(compiler: string): Outcome {
    return this.node(join(repository, "node_modules", compiler, "bin/tsc"), "--noEmit", "--project", "tsconfig.json");
  }
}
