import { createActorSystem } from "dataflower/actors";
import { type player, playerSource } from "../../workloads/actors/players.js";
import { monotonicMs } from "../clock.js";
import type { Pace } from "../pace.js";

/** Messages that two actors send each other, on one worker or on two. */
export interface ActorMessageParameters extends Pace {
  readonly measure: "actor-messages";
  readonly workers: 1 | 2;
  /** Messages that are under way at any moment. */
  readonly balls: number;
}

export interface ActorMessageSample {
  readonly messages: number;
  readonly elapsedMs: number;
  readonly messagesPerSecond: number;
}

const hits = 1_000;

/** Rejects when an answer is wrong. */
export async function measureActorMessages({ workers, balls, warmupMs, measureMs }: ActorMessageParameters): Promise<ActorMessageSample> {
  const system = await createActorSystem({ workers });
  try {
    const one = await system.spawnOn<typeof player>(0, playerSource);
    const other = await system.spawnOn<typeof player>(workers - 1, playerSource);
    const play = async (ms: number) => {
      const startMs = monotonicMs();
      let messages = 0;
      while (monotonicMs() - startMs < ms) {
        const counted = await one.ask({ kind: "play", with: other, balls, hits }, { timeout: "60s" });
        if (counted !== balls * hits) throw new Error(`Cannot count the game as ${balls * hits} hits must be counted: found ${counted}`);
        messages += counted;
      }
      return { messages, elapsedMs: monotonicMs() - startMs };
    };
    await play(warmupMs);
    const { messages, elapsedMs } = await play(measureMs);
    return { messages, elapsedMs, messagesPerSecond: (messages / elapsedMs) * 1000 };
  } finally {
    await system.close();
  }
}
