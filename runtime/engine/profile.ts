/** What `profile` stands for. Every value is documented here and nowhere else. */
export interface Profile {
  /** Longest spin of an idle worker before it sleeps, in µs. It spins only where a core is spare and recent spins paid. */
  readonly spinUs: number;
  /** Runs that wait in the ready queue for each worker; the rest waits in the intake, in the order of the scheduler. */
  readonly queuedRunsPerWorker: number;
}

export const profiles = {
  /** Keeps workers fed: deep queue. */
  throughput: { spinUs: 20, queuedRunsPerWorker: 32 },
  /** Keeps the order strict and waits short: shallow queue. */
  latency: { spinUs: 20, queuedRunsPerWorker: 2 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;
