/** Says on stderr how far a job is: one line that is written over on a terminal, plain lines elsewhere, few of them. */
export class Progress {
  readonly #title: string;
  readonly #stream: NodeJS.WriteStream;
  #lastTenth = -1;

  constructor(title: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#title = title;
    this.#stream = stream;
  }

  update(done: number, total: number, what: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[2K${this.#title}: ${done + 1} of ${total}, ${what}`);
    else if (this.#isNewTenth(done, total)) this.#stream.write(`${this.#title}: ${done + 1} of ${total}\n`);
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }

  #isNewTenth(done: number, total: number): boolean {
    const tenth = Math.floor((done * 10) / total);
    const isNew = tenth > this.#lastTenth;
    this.#lastTenth = tenth;
    return isNew;
  }
}
