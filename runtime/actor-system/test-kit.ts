import type { DeadLetter } from "../../actors/kernel/dead-letters.js";
import type { Ref, Target } from "../../actors/local/ref.js";
import type { SpawnOptions } from "../../actors/local/spawn-settings.js";
import type { Terminated } from "../../actors/local/terminated.js";
import { type Exploration, type ExploreOptions, exploreWith } from "../../actors/testing/explore.js";
import type { Probe as LocalProbe } from "../../actors/testing/probe.js";
import { TestKit as LocalTestKit, type TestKitOptions } from "../../actors/testing/test-kit.js";
import { type ActorDefinition, localDefinition, type SpawnArguments } from "./actor-definition.js";
import type { ActorRef } from "./actor-ref.js";
import { ThreadRef } from "./thread-ref.js";

/** An actor of a test, which keeps what it is told. */
export interface Probe<Message> {
  readonly ref: ActorRef<Message>;
  /** What it has handled and `take` has not taken, oldest first. */
  readonly received: Message[];
  /** Ends of the actors that it watches, in the order in which they ended. */
  readonly terminated: Terminated[];
  /** Removes the oldest message that it has received; undefined when there is none. */
  take(): Message | undefined;
  /** Notes when the actor ends. */
  watch(actor: ActorRef<never>): void;
}

/**
 * Actors whose turns and time a test has in its hand, on the calling thread. Nothing happens by itself: `step` has one message handled, `run`
 * all that there are, `advance` lets time pass. Promises of `ask` and `send` settle after that, as promises do.
 */
export interface TestKit {
  spawn<Message, Args>(definition: ActorDefinition<Message, Args>, ...rest: SpawnArguments<Args, SpawnOptions>): ActorRef<Message>;
  lookup<Message>(name: string): ActorRef<Message> | undefined;
  /** An actor that keeps what it is told. */
  probe<Message>(name?: string): Probe<Message>;
  /** True when no actor has a message. */
  readonly isIdle: boolean;
  /** Has one message handled; false when nobody has any. */
  step(): boolean;
  /**
   * Has messages handled until nobody has any.
   *
   * @returns how many
   * @throws DF_OPTION_INVALID when there are more than `messagesMax`, 1,000,000 if it does not say
   */
  run(messagesMax?: number): number;
  /** Lets time pass in steps of at most 4 ms, and has handled what there is after each. */
  advance(ms: number): void;
  /** Milliseconds that have passed. */
  nowMs(): number;
  /** Stops all actors. */
  close(): void;
  /** Errors that ended an actor, or that nobody's supervision kept. */
  readonly failures: readonly { readonly actor: string; readonly error: unknown }[];
  /** All of them, oldest first. */
  readonly deadLetters: readonly DeadLetter[];
}

/** @throws DF_OPTION_INVALID */
export function createTestKit(options: TestKitOptions = {}): TestKit {
  return new ActorTestKit(options);
}

/**
 * Runs a scenario in every order in which its actors may handle their messages, until one breaks a rule. Messages from one actor to another
 * keep their order in all of them.
 *
 * @param scenario sets actors up on a kit and answers with what must hold when nobody has a message left: it throws when that does not
 */
export function explore(scenario: (kit: TestKit) => () => void, options?: ExploreOptions): Exploration {
  return exploreWith((choose) => new ActorTestKit({ choose }), scenario, options);
}

class ActorTestKit implements TestKit {
  readonly #kit: LocalTestKit;

  constructor(options: TestKitOptions) {
    this.#kit = new LocalTestKit(options, (target: Target<never>) => new ThreadRef(target, this.#kit.system));
  }

  spawn<Message, Args>(definition: ActorDefinition<Message, Args>, ...rest: SpawnArguments<Args, SpawnOptions>): ActorRef<Message> {
    const [args, options] = rest as [Args, SpawnOptions | undefined];
    return asActorRef(this.#kit.system.spawn(localDefinition(definition), args, options));
  }

  lookup<Message>(name: string): ActorRef<Message> | undefined {
    const ref = this.#kit.system.lookup(name);
    return ref === undefined ? undefined : (asActorRef(ref) as ActorRef<Message>); // as the caller says
  }

  probe<Message>(name?: string): Probe<Message> {
    const probe: LocalProbe<Message> = this.#kit.probe(name);
    return probe as unknown as Probe<Message>; // its ref is made by the constructor above
  }

  get isIdle(): boolean {
    return this.#kit.isIdle;
  }

  step(): boolean {
    return this.#kit.step();
  }

  run(messagesMax?: number): number {
    return this.#kit.run(messagesMax);
  }

  advance(ms: number): void {
    this.#kit.advance(ms);
  }

  nowMs(): number {
    return this.#kit.clock.nowMs();
  }

  close(): void {
    this.#kit.system.close();
  }

  get failures() {
    return this.#kit.failures;
  }

  get deadLetters() {
    return this.#kit.deadLetters;
  }
}

const asActorRef = <Message>(ref: Ref<Message>): ActorRef<Message> => ref as unknown as ActorRef<Message>; // the kit makes no other refs
