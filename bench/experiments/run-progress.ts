import type { PlannedExperiment } from "./plan.js";

/** Says on stderr how far a run is and when it will be over: one line that is written over on a terminal; plain lines elsewhere, few of them. */
export class RunProgress {
  readonly #left = new Map<PlannedExperiment, number>();
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  readonly #took = new Map<PlannedExperiment, { units: number; ms: number }>();
  #done = 0;

  /** @param steps of each experiment that are left to measure */
  constructor(steps: ReadonlyMap<PlannedExperiment, number>, stream: NodeJS.WriteStream = process.stderr) {
    this.#left = new Map(steps);
    this.#total = [...steps.values()].reduce((sum, each) => sum + each, 0);
    this.#stream = stream;
  }

  measuring({ experiment: { category, name } }: PlannedExperiment, variant: string): void {
    if (!this.#stream.isTTY) return;
    const line = `[${this.#done + 1}/${this.#total}] ${category}/${name}: ${variant}${this.#eta()}`;
    this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }

  measured(planned: PlannedExperiment, ms: number): void {
    this.#done++;
    this.#left.set(planned, (this.#left.get(planned) ?? 1) - 1);
    const took = this.#took.get(planned) ?? { units: 0, ms: 0 };
    this.#took.set(planned, { units: took.units + 1, ms: took.ms + ms });
  }

  /** A line in a log; on a terminal the line that is written over tells as much. */
  roundEnded({ experiment: { category, name }, rounds }: PlannedExperiment, round: number): void {
    if (!this.#stream.isTTY) this.say(`${category}/${name}: round ${round + 1} of ${rounds}`);
  }

  /** A line that stays. */
  say(line: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[2K${line}\n`);
    else this.#stream.write(`[${this.#done}/${this.#total}] ${line}${this.#eta()}\n`);
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }

  /** As long as the units of each experiment took so far; where there are none yet, as those of all. */
  #eta(): string {
    if (this.#done === 0) return "";
    const all = [...this.#took.values()];
    const mean = all.reduce((sum, { ms }) => sum + ms, 0) / this.#done;
    const leftMs = [...this.#left].reduce((sum, [planned, units]) => {
      const took = this.#took.get(planned);
      return sum + units * (took === undefined ? mean : took.ms / took.units);
    }, 0);
    return leftMs === 0 ? "" : `, ${duration(leftMs)} left`;
  }
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1e3);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
