import { LatencyHistogram } from "../harness/latency-histogram.js";
import type { ActorMessageSample } from "../harness/measurements/actor-messages.js";
import type { AskSample } from "../harness/measurements/asks.js";
import type { IdleActorSample } from "../harness/measurements/idle-actors.js";
import { bootstrapMedian } from "../harness/statistics.js";
import { type AskContenderName, askContenderNames } from "../peers/asks/contenders.js";
import { count } from "../report/quantities.js";
import { type Finding, type Goal, medianFinding, plainFinding } from "./goal.js";

const COMMAND = "npm run goals -- actors";
/** The goal is about so many idle actors, in one process. */
export const ACTORS_MANY = 1_000_000;
const ACTORS_MANY_MB_MAX = 1_000;
const MEGABYTE = 1e6;

/** All actors on one worker, or on two. */
export const WORKER_COUNTS = [1, 2] as const;

export const messageKey = (workers: number) => `messages ${workers}`;
export const askKey = (by: AskContenderName) => `asks ${by}`;
export const idleKey = "idle actors";

/** What the processes print; the key says which. */
export type ActorSamples = Partial<ActorMessageSample & AskSample & IdleActorSample>;

const TITLES: Readonly<Record<AskContenderName, string>> = {
  "actors-here": "ask on the same thread",
  "event-emitter": "EventEmitter, two events",
  "actors-worker": "ask to a worker",
  "post-message": "postMessage to a worker and back",
  comlink: "comlink, call to a worker",
};

/** Only memory has a limit; the others are printed beside each other. */
export function actorFindings(samples: readonly (ActorSamples & { readonly key: string })[], seed: number): Finding[] {
  const of = (key: string) => samples.filter((sample) => sample.key === key);
  return [
    ...WORKER_COUNTS.map((workers) => {
      const name = workers === 1 ? "messages between two actors, within a worker" : "messages between two actors, across two workers";
      return medianFinding(goal(name, "/s"), numbers(of(messageKey(workers)), "messagesPerSecond"), seed);
    }),
    ...askContenderNames.flatMap((by) => askFindings(TITLES[by], of(askKey(by)))),
    ...idleFindings(of(idleKey), seed),
  ];
}

function askFindings(title: string, samples: readonly ActorSamples[]): Finding[] {
  const latencies = LatencyHistogram.merged(samples.flatMap((sample) => sample.latencies ?? []));
  const name = `round trip, ${title}`;
  return ([0.5, 0.99] as const).map((quantile) => {
    const us = latencies.count === 0 ? undefined : latencies.quantileUs(quantile);
    const wanted = goal(quantile === 0.5 ? `${name}, P50 of ${count(latencies.count)}` : `${name}, P99`, "µs");
    return us === undefined ? wanted : plainFinding(wanted, us);
  });
}

function idleFindings(samples: readonly ActorSamples[], seed: number): Finding[] {
  const actors = samples[0]?.actors ?? 0;
  const bytes = numbers(samples, "liveBytes").map((live) => live / actors);
  const megabytes = numbers(samples, "residentBytesMax").map((resident) => resident / MEGABYTE);
  const many = goal(`${count(actors)} idle actors: most that the process has resident`, "MB", { limitMax: ACTORS_MANY_MB_MAX });
  return [
    medianFinding(goal("actors created on one thread", "/s"), numbers(samples, "createdPerSecond"), seed),
    medianFinding(goal("an idle actor", "bytes"), bytes, seed),
    actors < ACTORS_MANY ? many : { ...many, estimate: bootstrapMedian(megabytes, seed) },
  ];
}

function numbers(samples: readonly ActorSamples[], field: keyof ActorSamples): number[] {
  return samples.map((sample) => Number(sample[field]));
}

function goal(name: string, unit: Goal["unit"], limits: Pick<Goal, "limit" | "limitMax"> = {}): Goal {
  return { name, unit, command: COMMAND, ...limits };
}
