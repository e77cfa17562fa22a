/** Draws that are thrown away before the first: near seeds look alike until then. */
const warmUpDraws = 16;

/**
 * Numbers from 0 up to 1 that a seed and a stream repeat exactly.
 *
 * The generator is sfc32 of C. Doty-Humphrey's PractRand: 128 bits of state, a period of at least 2³².
 *
 * @param seed a safe integer; all of its bits count
 */
export function seededRandom(seed: number, stream: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = stream | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let draw = 0; draw < warmUpDraws; draw++) next();
  return next;
}
