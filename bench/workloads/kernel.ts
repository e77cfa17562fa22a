/** The compute kernel of Task Bench: work that uses a core, touches little memory and takes as long as it is told to. */

const VALUES = 64;
/** From -0.5 the values rise towards 0 like -1/n: they neither grow beyond all bounds nor become so small that a processor slows down. */
const START = -0.5;
const values = new Float64Array(VALUES);

/** `a[i] = a[i] * a[i] + a[i]` over 64 numbers, so many times, always from the same start. @returns the last number, which is below 0 */
export function runKernel(repeats: number): number {
  values.fill(START);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let i = 0; i < VALUES; i++) values[i] = values[i]! * values[i]! + values[i]!;
  }
  return values[VALUES - 1]!;
}
