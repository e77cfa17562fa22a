/** How an actor ended. */
export interface Terminated {
  /** Its name. */
  readonly actor: string;
  /**
   * "stopped": somebody stopped it, its parent for instance. "failed": it threw and its supervision said so, or it was given up. "lost": its
   * worker thread ended.
   */
  readonly reason: "stopped" | "failed" | "lost";
  /** What it threw, or why its thread ended. */
  readonly error?: unknown;
  /** Whether a successor with the same start arguments takes its place: its ref stays good. Only where its thread ended. */
  readonly isRestarted: boolean;
}

/** Who is told of it. */
export interface Watcher {
  terminated(end: Terminated): void;
}
