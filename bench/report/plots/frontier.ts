/** The points than which no other is at most as large in both and smaller in one (Pareto), from left to right. */
export function frontierOf<Point extends { readonly x: number; readonly y: number }>(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const kept: Point[] = [];
  for (const point of sorted) if (kept.length === 0 || point.y < kept.at(-1)!.y) kept.push(point);
  return kept;
}
