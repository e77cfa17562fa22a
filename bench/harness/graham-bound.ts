/** What any schedule on so many workers must take, and what one that leaves no worker idle beside a ready task may take. */
export interface MakespanBounds {
  readonly lowerMs: number;
  /** Graham's bound. */
  readonly upperMs: number;
}

export function makespanBounds({
  workMs,
  criticalPathMs,
  workers,
}: {
  workMs: number;
  criticalPathMs: number;
  workers: number;
}): MakespanBounds {
  const shareMs = workMs / workers;
  return { lowerMs: Math.max(shareMs, criticalPathMs), upperMs: shareMs + (1 - 1 / workers) * criticalPathMs };
}
