/**
 * Moves boxes apart that stand above each other, each as little as may be, in the order in which they want to stand.
 *
 * @param wanted middles, in pixels
 * @returns middles in the same order. Between both bounds if the boxes fit there
 */
export function spread(wanted: readonly number[], heights: readonly number[], [top, bottom]: readonly [number, number]): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const tops: number[] = [];
  let free = top;
  for (const index of order) {
    tops[index] = Math.max(free, wanted[index]! - heights[index]! / 2);
    free = tops[index] + heights[index]!;
  }
  let end = Math.max(bottom, top + heights.reduce((sum, height) => sum + height, 0));
  for (const index of order.toReversed()) {
    tops[index] = Math.min(tops[index]!, end - heights[index]!);
    end = tops[index];
  }
  return tops.map((own, index) => own + heights[index]! / 2);
}
