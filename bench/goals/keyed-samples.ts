/** Samples of several measurements in one list, each with what it is of. */
export function keyedSamples(byKey: Readonly<Record<string, readonly object[]>>): object[] {
  return Object.entries(byKey).flatMap(([key, samples]) => samples.map((sample) => ({ ...sample, key })));
}
