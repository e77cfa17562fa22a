import type { MeasuringOptions } from "../../harness/measuring-options.js";
import type { LabelledUnit } from "../measure-units.js";
import { paceOf } from "../paces.js";
import { type CurveName, RUNS_IN_FLIGHT, TASKS_IN_FLIGHT_MAX } from "./curves.js";

/** What tells the samples of two units of a contender apart. `x` is absent where the sizes of the workloads tell. */
export interface Labels {
  readonly curve: CurveName;
  readonly x?: number;
}

const OURS = "dataflower";
const IN_THREADS = "promises-threads";
const RUN_A_MESSAGE = "piscina-run";

const SIZES = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];
const IN_FLIGHT = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];
const QUICK = [1, 1_000];

/** A round takes two minutes. */
export function unitsOf(options: MeasuringOptions): LabelledUnit<Labels>[] {
  const { cores, isQuick } = options;
  const workers = Array.from({ length: cores }, (_, index) => index + 1);
  const [sizes, inFlights] = isQuick ? [QUICK, QUICK] : [SIZES, IN_FLIGHT];
  return [
    ...[OURS, IN_THREADS, RUN_A_MESSAGE].flatMap((contender) => bySize(contender, sizes, options)),
    // Whatever it is given, Promise.all inside threads keeps one run in flight a thread, so it has no such curve.
    ...[OURS, RUN_A_MESSAGE].flatMap((contender) =>
      inFlights.map((inFlight) =>
        unit({ contender, workloads: ["fan-10"], inFlight, threads: cores, isQuick }, { curve: "in-flight", x: inFlight }),
      ),
    ),
    ...[OURS, IN_THREADS, RUN_A_MESSAGE].flatMap((contender) =>
      (contender === OURS ? [0, ...workers] : workers).map((threads) =>
        unit({ contender, workloads: ["stencil-100"], inFlight: RUNS_IN_FLIGHT, threads, isQuick }, { curve: "workers", x: threads }),
      ),
    ),
  ];
}

/** Sizes with as many runs in flight share a process. */
function bySize(contender: string, sizes: readonly number[], { cores, isQuick }: MeasuringOptions): LabelledUnit<Labels>[] {
  const byInFlight = new Map<number, string[]>();
  for (const size of sizes) {
    const inFlight = Math.min(RUNS_IN_FLIGHT, Math.floor(TASKS_IN_FLIGHT_MAX / size));
    byInFlight.set(inFlight, [...(byInFlight.get(inFlight) ?? []), `stencil-${size}`]);
  }
  return [...byInFlight].map(([inFlight, workloads]) =>
    unit({ contender, workloads, inFlight, threads: cores, isQuick }, { curve: "size" }),
  );
}

interface Cell {
  readonly contender: string;
  readonly workloads: readonly string[];
  readonly inFlight: number;
  readonly threads: number;
  readonly isQuick: boolean;
}

function unit({ contender, workloads, inFlight, threads, isQuick }: Cell, labels: Labels): LabelledUnit<Labels> {
  const pace = paceOf(contender, isQuick);
  return { contender, workloads, labels, parameters: { measure: "throughput", handlers: "sync", inFlight, threads, ...pace } };
}
