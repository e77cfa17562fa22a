import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { Progress } from "../report/progress.js";

/** A unit, and what tells its samples from those of other units. */
export interface LabelledUnit<Labels> extends Unit {
  readonly labels: Labels;
}

/** A line that a unit printed, with when and at what it was measured. */
export type LabelledSample<Labels, Printed> = { readonly round: number; readonly contender: string; readonly workload: string } & Labels &
  Printed;

/** Measures all units in interleaved rounds of fresh processes; the note says when other machines disturbed them. */
export async function measureUnits<Labels extends object, Printed extends object>(
  name: string,
  units: readonly LabelledUnit<Labels>[],
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Promise<{ samples: LabelledSample<Labels, Printed>[]; note: string }> {
  const progress = new Progress(name);
  const measured = await measureRounds({
    units,
    rounds,
    seed,
    measure: (unit) => measureInFreshProcess(unit),
    progress: ({ contender, workloads }, done, total) => progress.update(done, total, `${contender} at ${workloads.join(", ")}`),
  });
  progress.end();
  const samples = measured.flatMap(({ samples: ofRound }, round) =>
    ofRound.flatMap((lines, index) =>
      // as: child.ts prints contender and workload beside what unit.ts returns for these parameters
      lines.map((line) => ({ round, ...units[index]!.labels, ...(line as object) }) as LabelledSample<Labels, Printed>),
    ),
  );
  return { samples, note: disturbance(measured) };
}
