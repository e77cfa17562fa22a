import { fullPace, type Pace, quickPace } from "../harness/pace.js";

const MEASURE_MS = 600;
/** The other contenders are as fast after this as after 2 s. */
const OTHERS_WARMUP_MS = 500;

/** How long a contender is measured where many contenders meet many workloads. */
export function paceOf(contender: string, isQuick: boolean): Pace {
  if (isQuick) return quickPace;
  return { warmupMs: contender.startsWith("dataflower") ? fullPace.warmupMs : OTHERS_WARMUP_MS, measureMs: MEASURE_MS };
}
