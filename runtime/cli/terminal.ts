/**
 * The two streams of the program. Standard output belongs to the result alone, so that it can be piped: what modules and tasks print
 * goes to standard error, on this thread and, because workers' output is passed on here, on all others. On a terminal, standard error
 * ends in a status line, which is taken away before anything else is written and drawn again by its owner.
 */

type Write = typeof process.stdout.write;

const eraseLine = "\r\x1b[2K";

export class Terminal {
  readonly #print: Write;
  readonly #say: Write;
  #hasStatus = false;
  #hasPrinted = false;
  /** Something without a line break was written: a status line would wipe it off. */
  #isInLine = false;

  constructor() {
    const { stdout, stderr } = process;
    this.#print = stdout.write.bind(stdout) as Write;
    this.#say = stderr.write.bind(stderr) as Write;
    stderr.write = ((...written: Parameters<Write>) => this.#pass(...written)) as Write; // the same overloads, passed on
    stdout.write = ((...written: Parameters<Write>) => {
      this.#pass(...written);
      return true; // "full" would make workers' output wait for stdout to drain, which nothing is written to
    }) as Write;
    for (const stream of [stdout, stderr]) stream.on("error", exitIfNobodyReads);
  }

  /** Whether a status line can be drawn. */
  get isInteractive(): boolean {
    return process.stderr.isTTY === true;
  }

  /** Whether standard output has been written to. */
  get hasPrinted(): boolean {
    return this.#hasPrinted;
  }

  /** Writes to standard output. */
  print(text: string): void {
    this.clearStatus();
    this.#hasPrinted = true;
    this.#print(text);
  }

  /** Writes a line to standard error. */
  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Draws the status line, or draws it again. Does nothing without a terminal. */
  status(text: string): void {
    if (!this.isInteractive || this.#isInLine) return;
    this.#say(eraseLine + text.slice(0, Math.max(0, (process.stderr.columns ?? 80) - 1)));
    this.#hasStatus = true;
  }

  clearStatus(): void {
    if (this.#hasStatus) this.#say(eraseLine);
    this.#hasStatus = false;
  }

  /** Resolves when everything has been handed to the system: exiting earlier would cut a pipe's end off. */
  async flush(): Promise<void> {
    // What threads printed before they ended arrives in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([this.#print, this.#say].map((write) => new Promise<void>((resolve) => write("", () => resolve()))));
  }

  #pass(...written: Parameters<Write>): boolean {
    this.clearStatus();
    const [chunk] = written;
    const last = chunk.at(-1);
    if (chunk.length > 0) this.#isInLine = last !== "\n" && last !== 10;
    return this.#say(...written);
  }
}

/** `dataflower … | head` has read enough. */
function exitIfNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
