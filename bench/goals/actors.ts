import { type KeyedUnit, measureKeyedUnits } from "../harness/keyed-units.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import { fullPace, quickPace } from "../harness/pace.js";
import { askContenderNames } from "../peers/asks/contenders.js";
import { ACTORS_MANY, type ActorSamples, actorFindings, askKey, idleKey, messageKey, WORKER_COUNTS } from "./actors-findings.js";
import type { Findings } from "./measurement.js";

/** As many as keep two workers busy, and as the rings between them hold. */
const BALLS = 64;
/** As many as a P99 needs after five rounds. */
const ASKS = { warmup: 2_000, asks: 2_500 } as const;
const QUICK_ASKS = { warmup: 20, asks: 100 } as const;
const QUICK_ACTORS = 2_000;

/** What messages, asks and actors cost, beside what else sends messages, in interleaved rounds of fresh processes. */
export async function measureActorGoals(options: MeasuringOptions): Promise<Findings> {
  const { samples, note } = await measureKeyedUnits<ActorSamples>("actor goals", unitsOf(options), options);
  return { samples, findings: actorFindings(samples, options.seed), note };
}

function unitsOf({ isQuick }: MeasuringOptions): KeyedUnit[] {
  const pace = isQuick ? quickPace : fullPace;
  const own = { contender: "dataflower", workloads: ["actors"] } as const;
  return [
    ...WORKER_COUNTS.map((workers): KeyedUnit => {
      return { ...own, key: messageKey(workers), parameters: { measure: "actor-messages", workers, balls: BALLS, ...pace } };
    }),
    ...askContenderNames.map((by): KeyedUnit => {
      const parameters = { measure: "asks", by, ...(isQuick ? QUICK_ASKS : ASKS) } as const;
      return { key: askKey(by), contender: by, workloads: ["asks"], parameters };
    }),
    {
      ...own,
      key: idleKey,
      nodeFlags: ["--expose-gc", "--max-old-space-size=4096"],
      parameters: { measure: "idle-actors", actors: isQuick ? QUICK_ACTORS : ACTORS_MANY },
    },
  ];
}
