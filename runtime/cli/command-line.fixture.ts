import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const program = join("dist", "runtime", "cli", "main.js");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with modules of workflows, in which the compiled program is run as a user would. Its name has a space. */
export class CommandLine {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "data flower-")));
  readonly #running = new Set<ChildProcessWithoutNullStreams>();

  /** @param files by path in the folder; `dataflower` in an import stands for the compiled package */
  constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    const doorOf = (door: string | undefined) =>
      pathToFileURL(join(repository, "dist", door === "/schedulers" ? "schedulers" : "runtime", "index.js")).href;
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(
        join(this.folder, path),
        typeof content === "string"
          ? content.replace(/(?<=\b(?:from |import\())"dataflower(\/schedulers)?"/g, (_, door) => JSON.stringify(doorOf(door)))
          : content,
      );
    }
  }

  /** Runs `dataflower …` to its end. */
  run(options: readonly string[], input = ""): Promise<Outcome> {
    return this.start(options, input).end();
  }

  /** The same with a copy of the package that finds these dependencies and no other, tsx least of all. */
  runWithOnly(dependencies: readonly string[], options: readonly string[]): Promise<Outcome> {
    const copy = mkdtempSync(join(this.folder, "copy-"));
    for (const part of ["runtime", "actors", "schedulers"]) {
      cpSync(join(repository, "dist", part), join(copy, "dist", part), { recursive: true });
    }
    cpSync(join(repository, "package.json"), join(copy, "package.json"));
    mkdirSync(join(copy, "node_modules"));
    for (const name of dependencies) symlinkSync(join(repository, "node_modules", name), join(copy, "node_modules", name));
    return this.#start(join(copy, program), options, "").end();
  }

  /** Starts `dataflower …`, to be watched and sent signals. */
  start(options: readonly string[], input = ""): RunningCommand {
    return this.#start(join(repository, program), options, input);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Removes the folder, and kills what a test that failed has left running. */
  remove(): void {
    for (const command of this.#running) command.kill("SIGKILL");
    rmSync(this.folder, { recursive: true });
  }

  #start(main: string, options: readonly string[], input: string): RunningCommand {
    const command = spawn(process.execPath, [main, ...options], { cwd: this.folder });
    this.#running.add(command);
    command.once("close", () => this.#running.delete(command));
    command.stdin.on("error", () => {}).end(input); // a program that refuses its options reads none of it
    return new RunningCommand(command);
  }
}

export class RunningCommand {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<number | null>;
  #stdout = "";
  #stderr = "";

  constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.#ended = new Promise((resolve) => process.once("close", resolve));
  }

  /** Resolves when the text has been written to standard error. */
  saying(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#stderr.includes(text)) resolve();
      };
      this.#process.stderr.on("data", look);
      void this.#ended.then(() => reject(new Error(`The program ended without saying ${text}:\n${this.#stderr}`)));
      look();
    });
  }

  /** The signal that has ended the program by itself; null while it runs, and where it has ended in its own way. */
  get endedBy(): NodeJS.Signals | null {
    return this.#process.signalCode;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async end(): Promise<Outcome> {
    return { status: await this.#ended, stdout: this.#stdout, stderr: this.#stderr };
  }
}
