import { type ActorRef, createActorSystem } from "dataflower/actors";
import { type IdleMessage, idle } from "../../workloads/actors/idle.js";
import { monotonicMs } from "../clock.js";

/** Actors that have nothing to do, on the calling thread, so that all that they take is in one heap. The process needs `--expose-gc`. */
export interface IdleActorParameters {
  readonly measure: "idle-actors";
  readonly actors: number;
}

export interface IdleActorSample {
  readonly actors: number;
  readonly createdPerSecond: number;
  /** After a full collection, less what there was before; refs to all of them are held. */
  readonly liveBytes: number;
  /** Of the whole process, at most. */
  readonly residentBytesMax: number;
}

/** Actors that are asked afterwards whether they live. */
const asked = 100;

/** Rejects when an answer is wrong. */
export async function measureIdleActors({ actors }: IdleActorParameters): Promise<IdleActorSample> {
  const system = await createActorSystem();
  const refs = new Array<ActorRef<IdleMessage>>(actors);
  const before = liveBytes();
  const startMs = monotonicMs();
  for (let number = 0; number < actors; number++) refs[number] = system.spawn(idle);
  const elapsedMs = monotonicMs() - startMs;
  const live = liveBytes() - before;
  for (let number = 0; number < asked; number++) {
    const ref = refs[Math.floor((number * actors) / asked)]!;
    ref.tell({ kind: "count", amount: number });
    const sum = await ref.ask({ kind: "sum" });
    if (sum !== number) throw new Error(`Cannot count the actors as actor ${number} must answer ${number}: found ${sum}`);
  }
  const residentBytesMax = process.resourceUsage().maxRSS * 1024;
  await system.close();
  return { actors, createdPerSecond: (actors / elapsedMs) * 1000, liveBytes: live, residentBytesMax };
}

function liveBytes(): number {
  if (globalThis.gc === undefined) throw new Error("Cannot see what is live as the process must run with --expose-gc: it does not");
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
