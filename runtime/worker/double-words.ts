const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** Writes a number into two words. The words need no 8-byte alignment, which a Float64Array view would ask for. */
export function writeDouble(words: Int32Array, at: number, value: number): void {
  double[0] = value;
  words[at] = halves[0] as number;
  words[at + 1] = halves[1] as number;
}

/** Reads a number from two words. */
export function readDouble(words: Int32Array, at: number): number {
  halves[0] = words[at] as number;
  halves[1] = words[at + 1] as number;
  return double[0] as number;
}
