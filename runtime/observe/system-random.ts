/** A number from 0 up to 1: chance as the machine gives it. Everything that is left to chance takes it from whoever puts the parts together. */
export function systemRandom(): number {
  return Math.random();
}
