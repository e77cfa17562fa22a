import fc from "fast-check";
import { expect, test } from "vitest";
import { TestKit } from "../testing/test-kit.js";
import { makeDefinition } from "./definition.js";
import type { Outcome } from "./outcome.js";
import { Ref, type Target } from "./ref.js";

/** Random programs that are tried. */
const seeds = Number(process.env.DF_ACTOR_SEEDS ?? 10_000);

/** What an actor does with a message: nothing, throw, stop itself, tell on to another actor, or do so first with a wait for room and then without. */
type Act = "note" | "throw" | "stop" | "forward" | "both";

interface Message {
  readonly id: number;
  /** Who told it: -1 is the program itself. */
  readonly from: number;
  readonly act: Act;
  readonly to: number;
  readonly replyTo?: Ref<number>;
}

interface ActorPlan {
  readonly depthMax: number;
  readonly overflow: "refuse" | "drop-oldest";
  readonly directive: "resume" | "restart" | "stop" | "escalate";
  readonly restartsMax: number;
  /** Whose child it is: the actors before it in turn, and nobody. */
  readonly parent: number;
}

type Step =
  | { readonly kind: "tell" | "send" | "ask"; readonly actor: number; readonly act: Act; readonly to: number }
  | { readonly kind: "watch" | "stop"; readonly actor: number }
  | { readonly kind: "run"; readonly messages: number }
  | { readonly kind: "advance"; readonly ms: number };

const restartWindowMs = 100;
const actorPlan: fc.Arbitrary<ActorPlan> = fc.record({
  depthMax: fc.constantFrom(1, 2, 5, 100),
  overflow: fc.constantFrom("refuse" as const, "refuse" as const, "drop-oldest" as const),
  directive: fc.constantFrom("resume" as const, "restart" as const, "stop" as const, "escalate" as const),
  restartsMax: fc.constantFrom(0, 1, 3),
  parent: fc.nat(3),
});
const act = fc.constantFrom<Act>("note", "note", "note", "throw", "stop", "forward", "both");
const actor = fc.nat(4);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom("tell" as const, "send" as const, "ask" as const), actor, act, to: actor }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("watch" as const, "stop" as const), actor }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("run" as const), messages: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("advance" as const), ms: fc.constantFrom(4, 60, 200) }) },
);

/** A program on a test kit, and all that can be seen of it. */
class World {
  readonly kit: TestKit;
  readonly refs: Ref<Message>[] = [];
  /** By message: the actor it was told to. */
  readonly toldTo: number[] = [];
  /** Messages that tell() refused. */
  readonly refused = new Set<number>();
  /** By actor: messages in the order in which its handler got them. */
  readonly handled: Message[][] = [];
  /** By actor: times at which it was restarted. */
  readonly restarts: number[][] = [];
  readonly sends: { ends: number }[] = [];
  readonly asks: { readonly message: number; readonly outcomes: Outcome<number>[] }[] = [];
  readonly watches: { readonly actor: number; ends: number }[] = [];
  readonly #plans: readonly ActorPlan[];

  constructor(plans: readonly ActorPlan[], seed: number) {
    this.kit = new TestKit({ seed });
    this.#plans = plans;
    for (const index of plans.keys()) this.#spawn(index);
  }

  do(step: Step): void {
    switch (step.kind) {
      case "run":
        for (let left = step.messages; left > 0; left--) this.kit.step();
        break;
      case "advance":
        this.kit.advance(step.ms);
        break;
      case "stop":
        this.#ref(step.actor).stop();
        break;
      case "watch": {
        const watch = { actor: step.actor % this.refs.length, ends: 0 };
        this.watches.push(watch);
        Ref.targetOf(this.#ref(step.actor)).watch({ terminated: () => void watch.ends++ });
        break;
      }
      default:
        this.#tell(step);
    }
  }

  #tell({ kind, actor, act, to }: Extract<Step, { kind: "tell" | "send" | "ask" }>): void {
    const target = Ref.targetOf(this.#ref(actor));
    const message = this.message(-1, act, to, actor);
    if (kind === "tell") this.noteTold(message, target.tell(message));
    else if (kind === "send") this.#send(target, message);
    else {
      const outcomes: Outcome<number>[] = [];
      this.asks.push({ message: message.id, outcomes });
      this.kit.system.ask<Message, number>(
        target,
        (replyTo) => ({ ...message, replyTo }),
        50,
        (outcome) => void outcomes.push(outcome),
      );
    }
  }

  #send(target: Target<Message>, message: Message): void {
    const send = { ends: 0 };
    this.sends.push(send);
    target.deliver(message, () => void send.ends++);
  }

  message(from: number, act: Act, to: number, actor: number): Message {
    return { id: this.toldTo.push(actor % this.refs.length) - 1, from, act, to };
  }

  noteTold({ id }: Message, isTaken: boolean): void {
    if (!isTaken) this.refused.add(id);
  }

  #ref(actor: number): Ref<Message> {
    return this.refs[actor % this.refs.length] as Ref<Message>;
  }

  #spawn(index: number): void {
    const { depthMax, overflow, directive, restartsMax, parent } = this.#plans[index] as ActorPlan;
    const handled: Message[] = [];
    const restarts: number[] = [];
    this.handled.push(handled);
    this.restarts.push(restarts);
    let lives = 0;
    const definition = makeDefinition<Message, undefined>(() => {
      if (lives++ > 0) restarts.push(this.kit.clock.nowMs());
      return (message) => {
        handled.push(message);
        this.#act(index, message);
      };
    });
    const options = { mailbox: { depthMax, overflow }, supervision: { directive, restartsMax, restartWindowMs } };
    const parentRef = parent < index ? (this.refs[parent] as Ref<Message>) : undefined;
    const resident = parentRef === undefined ? undefined : (Ref.targetOf(parentRef) as unknown as { name: string; cell: never });
    this.refs.push(this.kit.system.spawn(definition, undefined, options, resident));
  }

  #act(index: number, { act, to, replyTo }: Message): void {
    if (act === "throw") throw new RangeError("on purpose");
    if (act === "stop") this.refs[index]?.stop();
    if (act === "both") this.#send(Ref.targetOf(this.#ref(to)), this.message(index, "note", 0, to));
    if (act === "forward" || act === "both") {
      const message = this.message(index, "note", 0, to);
      this.noteTold(message, this.#ref(to).tell(message));
    }
    replyTo?.tell(1);
  }
}

function checkOrder({ handled }: World): void {
  for (const messages of handled) {
    const newest = new Map<number, number>();
    for (const { id, from } of messages) {
      expect(newest.get(from) ?? -1).toBeLessThan(id); // messages are numbered as they are told
      newest.set(from, id);
    }
  }
}

function checkNothingIsLost({ handled, kit, toldTo, refused }: World): void {
  const ends = new Array<number>(toldTo.length).fill(0);
  const end = (id: number): void => {
    ends[id] = (ends[id] as number) + 1;
  };
  handled.forEach((messages, index) => {
    for (const { id } of messages) {
      expect(toldTo[id]).toBe(index);
      end(id);
    }
  });
  const dead = kit.deadLetters.filter(({ to }) => !to.endsWith("?")).map(({ message }) => (message as Message).id);
  for (const id of dead) end(id);
  expect(ends).toEqual(ends.map(() => 1));
  for (const id of refused) expect(dead).toContain(id);
}

function checkRestarts({ restarts }: World, plans: readonly ActorPlan[]): void {
  restarts.forEach((times, index) => {
    const { restartsMax } = plans[index] as ActorPlan;
    for (const at of times) expect(times.filter((one) => one <= at && at - one < restartWindowMs).length).toBeLessThanOrEqual(restartsMax);
  });
}

function checkEnds(world: World): void {
  for (const { ends } of world.sends) expect(ends).toBe(1);
  const handled = new Map(world.handled.flat().map((message) => [message.id, message]));
  for (const { message, outcomes } of world.asks) {
    expect(outcomes.length).toBe(1);
    const act = handled.get(message)?.act;
    const isAnswered = act !== undefined && act !== "throw";
    if (isAnswered) expect(outcomes).toEqual([{ answer: 1 }]);
    else expect(outcomes[0]).toMatchObject({ error: { code: expect.stringMatching(/^DF_ACTOR_(STOPPED|FAILED)$|^DF_MAILBOX_FULL$/) } });
  }
  const isLive = world.refs.map((ref) => ref.tell({ id: -1, from: -1, act: "note", to: 0 })); // all mailboxes are empty
  for (const { actor, ends } of world.watches) expect(ends).toBe(isLive[actor] === true ? 0 : 1);
}

test(`a system keeps its promises, whatever is done to it: ${seeds} programs`, { timeout: 30_000 + seeds * 10 }, () => {
  const program = fc.tuple(fc.array(actorPlan, { minLength: 1, maxLength: 5 }), fc.array(step, { maxLength: 40 }), fc.nat(1 << 30));
  fc.assert(
    fc.property(program, ([plans, steps, seed]) => {
      const world = new World(plans, seed);
      for (const one of steps) world.do(one);
      world.kit.advance(60); // beyond the timeout of every ask
      checkOrder(world);
      checkNothingIsLost(world);
      checkRestarts(world, plans);
      checkEnds(world);
    }),
    { numRuns: seeds },
  );
});
