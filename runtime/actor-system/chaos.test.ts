import type { ActorRef, Actors } from "dataflower/actors";
import { expect, test } from "vitest";
import { seededRandom } from "../../actors/kernel/seeded-random.js";
import { builtUrl } from "../engine/fixtures/built.fixture.js";
import type * as Chaos from "./fixtures/chaos.fixture.js";
import { withSystem } from "./fixtures/system.fixture.js";

const module = builtUrl("runtime/actor-system/fixtures/chaos.fixture");
const from = (name: keyof typeof Chaos) => ({ module, export: name });

/** Programs that are tried. */
const seeds = Number(process.env.DF_ACTOR_CHAOS ?? 3);
const rounds = 30;

/** Throws dice for what is told to whom, and when a thread ends. */
class Program {
  readonly #random: () => number;
  readonly #to: readonly ActorRef<Chaos.Numbered>[];
  readonly #talkers: readonly ActorRef<Chaos.Talk>[];
  readonly #settling: Promise<unknown>[] = [];
  #number = 0;

  constructor(seed: number, to: readonly ActorRef<Chaos.Numbered>[], talkers: readonly ActorRef<Chaos.Talk>[]) {
    this.#random = seededRandom(seed, 0);
    this.#to = to;
    this.#talkers = talkers;
  }

  async run(): Promise<unknown[]> {
    for (let round = 0; round < rounds; round++) {
      for (let n = 0; n < 40; n++) this.#say(n % 10 === 9 ? "throw" : "note");
      if (this.#draw(6) === 0) this.#say("exit");
      this.#settling.push(
        this.#pick(this.#talkers)
          .ask((replyTo) => ({ to: this.#to, count: 30, replyTo }))
          .catch(codeOf),
      );
      await new Promise((resolve) => setTimeout(resolve, this.#draw(15)));
    }
    return Promise.all(this.#settling);
  }

  #say(act: Chaos.Act): void {
    const message = { from: "main", number: this.#number++, act };
    const target = this.#pick(this.#to);
    const kind = act === "exit" ? 1 : this.#draw(3); // what is sent is not refused
    if (kind === 0) target.tell(message);
    else if (kind === 1) this.#settling.push(target.send(message).catch(codeOf));
    else this.#settling.push(target.ask((replyTo: ActorRef<number>) => ({ ...message, replyTo })).catch(codeOf));
  }

  #pick<T>(of: readonly T[]): T {
    return of[this.#draw(of.length)] as T;
  }

  #draw(below: number): number {
    return Math.floor(this.#random() * below);
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

const spawnAll = async (system: Actors) => ({
  to: await Promise.all(
    [0, 1, 0, 1].map((worker) => system.spawnOn<typeof Chaos.ordered>(worker, from("ordered"), undefined, alwaysRestarted)),
  ),
  talkers: await Promise.all(
    [0, 1].map((worker) => system.spawnOn<typeof Chaos.talker>(worker, from("talker"), undefined, alwaysRestarted)),
  ),
});

const alwaysRestarted = { supervision: { directive: "restart", restartsMax: 1_000_000 } } as const;

test.each(Array.from({ length: seeds }, (_, seed) => seed))(
  "program %i: everything settles, nothing comes out of order, and what is restarted answers, whatever threads end",
  { timeout: 60_000 },
  async (seed) => {
    await withSystem({ workers: 2, limits: { restartsMax: 1_000, ringBytes: 8192 } }, async (system) => {
      const { to, talkers } = await spawnAll(system);
      let losses = 0;
      for (const one of to) system.watch(one, () => void losses++);
      const program = new Program(seed, to, talkers);
      const outcomes = await program.run();
      for (const outcome of outcomes) {
        if (typeof outcome === "number") expect(outcome).toBeGreaterThanOrEqual(0);
        else
          expect([undefined, "DF_ACTOR_FAILED", "DF_WORKER_LOST", "DF_MAILBOX_FULL", "DF_ASK_TIMEOUT", "DF_ACTOR_STOPPED"]).toContain(
            outcome,
          );
      }
      const last = await Promise.all(
        to.map((one) => one.ask((replyTo: ActorRef<number>) => ({ from: "last", number: 0, act: "note", replyTo }))),
      );
      expect(last).toEqual([0, 0, 0, 0]);
      expect(losses).toBeGreaterThan(0);
    });
  },
);
