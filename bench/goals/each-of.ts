import { Progress } from "../report/progress.js";

/** One after the other, as each wants the machine for itself. */
export async function eachOf<T, Measured>(title: string, all: readonly T[], measure: (one: T) => Promise<Measured>): Promise<Measured[]> {
  const progress = new Progress(title);
  const measured: Measured[] = [];
  for (const one of all) {
    progress.update(measured.length, all.length, title);
    measured.push(await measure(one));
  }
  progress.end();
  return measured;
}
