import { after, nowMs } from "../observe/system-clock.js";
import type { Terminal } from "./terminal.js";

/** Time between two looks at the run, in ms; on a terminal, where one line is drawn over, each of them is shown. */
const lookMs = 100;
/** Time between two questions to the workers, in ms: to answer takes their time, which belongs to the run. */
const askMs = 500;
/** Elsewhere the first line comes after this, in ms, and every next one after twice the time, up to the longest. */
const lineMs = 1_000;
const lineMsMax = 10_000;

export interface ProgressParts {
  readonly terminal: Terminal;
  readonly workflow: string;
  /** Tasks of the run, where that is known beforehand. */
  readonly tasksExpected: number | undefined;
  /** Tasks ended so far. Workers answer between two tasks, so this may take its time. */
  readonly countTasks: () => Promise<number>;
}

/** Says on standard error how far a run is, as long as it lasts. Short runs end before the first word. */
export class Progress {
  readonly #parts: ProgressParts;
  readonly #startedAt = nowMs();
  #lineMs = lineMs;
  #nextLineMs = lineMs;
  #tasks = 0;
  #isAsking = false;
  #askedAt = nowMs();
  #cancel: () => void;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#cancel = after(lookMs, () => this.#look());
  }

  stop(): void {
    this.#cancel();
    this.#parts.terminal.clearStatus();
  }

  #look(): void {
    const elapsedMs = nowMs() - this.#startedAt;
    const { terminal } = this.#parts;
    if (terminal.isInteractive) terminal.status(this.#text(elapsedMs));
    else if (elapsedMs >= this.#nextLineMs) this.#line(elapsedMs);
    if (!this.#isAsking && nowMs() - this.#askedAt >= askMs) void this.#ask();
    this.#cancel = after(lookMs, () => this.#look());
  }

  #line(elapsedMs: number): void {
    this.#parts.terminal.say(this.#text(elapsedMs));
    this.#lineMs = Math.min(lineMsMax, this.#lineMs * 2);
    this.#nextLineMs = elapsedMs + this.#lineMs;
  }

  /** One question at a time: while workers keep it waiting, what they said last is shown. */
  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#askedAt = nowMs();
    try {
      this.#tasks = await this.#parts.countTasks();
      this.#isAsking = false;
    } catch {
      // A worker was lost. None is asked again: the end of the run will tell.
    }
  }

  #text(elapsedMs: number): string {
    const { workflow, tasksExpected } = this.#parts;
    const total = tasksExpected === undefined ? "" : ` of ${grouped(tasksExpected)}`;
    return `${workflow}: ${grouped(this.#tasks)}${total} ${tasksExpected === 1 ? "task" : "tasks"}, ${(elapsedMs / 1_000).toFixed(1)} s`;
  }
}

const grouped = (count: number): string => count.toLocaleString("en-US");
