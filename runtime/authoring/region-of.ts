/** @returns the region in which a global node lies: the last one that begins at or before it */
export function regionOf({ first }: { readonly first: Int32Array }, node: number): number {
  let low = 0;
  let high = first.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (first[middle]! <= node) low = middle;
    else high = middle - 1;
  }
  return low;
}
