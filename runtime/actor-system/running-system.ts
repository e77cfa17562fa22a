import { DataFlowerError } from "../../actors/kernel/errors.js";
import { closedError } from "../../actors/local/actor-errors.js";
import { requireDefinition } from "../../actors/local/definition.js";
import { Ref } from "../../actors/local/ref.js";
import { resolveSpawnOptions, restartsError, type SpawnOptions } from "../../actors/local/spawn-settings.js";
import type { Terminated } from "../../actors/local/terminated.js";
import { found } from "../authoring/found.js";
import { moduleUrlOf } from "../authoring/load-module.js";
import { refuseOption, requireDuration, requireOptions } from "../authoring/option-checks.js";
import { type Address, encodeMessage } from "../codec/message-codec.js";
import { encodeTrusted } from "../codec/value-codec.js";
import { after, nowMs } from "../observe/system-clock.js";
import { type ActorDefinition, localDefinition, type SpawnArguments } from "./actor-definition.js";
import type { ActorRef } from "./actor-ref.js";
import { ActorRegions, planActorRegions } from "./actor-regions.js";
import type { ActorSource, Actors, ArgsOf, CloseOptions, MessageOf } from "./actor-system.js";
import type { SpawnRequest } from "./actor-worker-start.js";
import { type Arrival, bodyOf } from "./arrivals.js";
import { ActorCrew } from "./crew.js";
import { decodeDeadLetter } from "./dead-letter-body.js";
import { DeadLetterBroadcast } from "./dead-letter-stream.js";
import { BURIED, FAILED, GONE, LOST, NAMED } from "./frames.js";
import { KeptActors } from "./kept-actors.js";
import { decodeFailure, decodeName, encodeName } from "./notices.js";
import type { ResolvedActorSystemOptions } from "./options.js";
import { PublicNames } from "./public-names.js";
import { ThreadNode } from "./thread-node.js";

const graceMsDefault = 1_000;
const graceMsMax = 86_400_000;
/** A closing system looks so often whether all is quiet, in ms. */
const quietLookMs = 2;

/** An actor system: composition root on the thread that has created it. */
export class RunningSystem implements Actors {
  readonly deadLetters = new DeadLetterBroadcast();
  readonly #options: ResolvedActorSystemOptions;
  readonly #regions: ActorRegions;
  readonly #node: ThreadNode;
  readonly #crew: ActorCrew;
  readonly #names = new PublicNames();
  readonly #kept = new KeptActors();
  /** By worker: what its successor starts again. */
  readonly #restarted = new Map<number, readonly SpawnRequest[]>();
  #nextWorker = 0;
  #closing: Promise<void> | undefined;
  #unhealthy: DataFlowerError | undefined;

  /** Resolves when every worker has answered. @throws what keeps a worker from starting */
  static async start(options: ResolvedActorSystemOptions): Promise<RunningSystem> {
    const system = new RunningSystem(options);
    try {
      await Promise.all(system.#workers().map((worker) => system.#crew.calls(worker).quietness()));
    } catch (error) {
      await system.close({ grace: 0 });
      throw error;
    }
    return system;
  }

  private constructor(options: ResolvedActorSystemOptions) {
    this.#options = options;
    const plan = planActorRegions(options.workers, options.ringBytes);
    const buffer = new SharedArrayBuffer(plan.byteLength);
    this.#regions = new ActorRegions(buffer, plan);
    this.#node = new ThreadNode({
      regions: this.#regions,
      thread: plan.control,
      incarnation: 1,
      news: undefined,
      spinUs: 0, // it is the user's own thread
      mailbox: options.mailbox,
      onFailure: options.onFailure,
      onDeadLetter: (letter) => this.deadLetters.publish(letter),
      onStopped: (id, name) => {
        if (this.#names.get(name)?.id === id) this.#unpublish(name);
      },
      onNotice: (_, arrival) => this.#notice(arrival),
      isTaken: (name) => this.#names.has(name),
      lookupElsewhere: (name) => this.#lookup(name),
      onBroken: (worker) => this.#crew.kill(worker),
      onFailed: (error) => {
        throw error;
      },
    });
    this.#crew = new ActorCrew({
      options,
      regions: this.#regions,
      buffer,
      node: this.#node,
      seedOf: (worker) => ({ names: this.#names.all(), kept: this.#restarted.get(worker) ?? [] }),
      onLost: (worker) => this.#lost(worker),
      onUnhealthy: (error) => this.#giveUp(error),
    });
    this.#node.loop.begin();
  }

  spawn<Message, Args>(definition: ActorDefinition<Message, Args>, ...rest: SpawnArguments<Args, SpawnOptions>): ActorRef<Message> {
    this.#requireOpen();
    const [args, options] = rest as [Args, SpawnOptions | undefined];
    const local = localDefinition(definition);
    requireDefinition(local);
    const ref = this.#node.system.spawn(local, args, options);
    if (options?.name !== undefined) this.#publish(this.#node.table.addressOf(ref));
    return ref as unknown as ActorRef<Message>; // the node makes no other refs
  }

  async spawnOn<Definition extends ActorDefinition<never, never>>(
    worker: number | "any",
    source: ActorSource,
    ...rest: SpawnArguments<ArgsOf<Definition>, SpawnOptions>
  ): Promise<ActorRef<MessageOf<Definition>>> {
    this.#requireOpen();
    const [args, options = {}] = rest as [unknown, SpawnOptions | undefined];
    const chosen = this.#chooseWorker(worker);
    const settings = resolveSpawnOptions(options, this.#options.mailbox);
    const { module, export: exported } = requireSource(source);
    const id = this.#kept.nextId();
    const name = settings.name ?? `#w${id}`;
    const encoded = new Uint8Array(encodeMessage(args, this.#node.table)); // a copy, as it is kept and posted
    const request: SpawnRequest = { id, name, module: moduleUrlOf(module), export: exported, args: encoded, options: { ...options } };
    if (settings.name !== undefined) this.#reserve(name);
    this.#kept.add(chosen, request, settings);
    try {
      const { isRestartedAfterLoss } = await this.#crew.calls(chosen).spawn(request);
      this.#kept.begun(id, isRestartedAfterLoss);
    } catch (error) {
      this.#kept.remove(id);
      this.#names.remove(name);
      throw error;
    }
    const place: Address = { thread: chosen, incarnation: 0, id, name };
    if (settings.name !== undefined && this.#kept.has(id)) this.#publish(place);
    return this.#node.table.refOf(place) as unknown as ActorRef<MessageOf<Definition>>; // the source's definition says what it takes
  }

  lookup<Message>(name: string): ActorRef<Message> | undefined {
    return this.#node.system.lookup(name) as unknown as ActorRef<Message> | undefined; // as the caller says
  }

  watch(actor: ActorRef<never>, listener: (end: Terminated) => void): () => void {
    const terminated = (end: Terminated): void => {
      try {
        listener(end);
      } catch (error) {
        this.#options.onFailure(error, end.actor);
      }
    };
    return Ref.targetOf(requireRef(actor)).watch({ terminated });
  }

  close(options?: CloseOptions): Promise<void> {
    const { grace = graceMsDefault } = requireOptions("options", options, ["grace"]) as CloseOptions;
    const graceMs = requireDuration("grace", grace, { min: 0, max: graceMsMax });
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    await this.#untilQuiet(graceMs);
    this.#node.stopActors();
    await this.#crew.close();
    this.#node.close();
    this.deadLetters.close();
  }

  /** All is quiet when every thread is, twice in a row, and nothing was handled between. */
  async #untilQuiet(graceMs: number): Promise<void> {
    const until = nowMs() + graceMs;
    let before = -1;
    while (nowMs() < until) {
      const handled = await this.#handledWhenQuiet(until - nowMs());
      if (handled !== undefined && handled === before) return;
      before = handled ?? -1;
      await new Promise<void>((resolve) => after(quietLookMs, resolve));
    }
  }

  async #handledWhenQuiet(withinMs: number): Promise<number | undefined> {
    try {
      const threads = await Promise.all(this.#workers().map((worker) => this.#crew.calls(worker).quietness(Math.max(1, withinMs))));
      const { isQuiet, loop } = this.#node;
      if (!isQuiet || threads.some((thread) => !thread.isQuiet)) return undefined;
      return threads.reduce((sum, { handled }) => sum + handled, loop.handledCount);
    } catch {
      return undefined; // a thread is held, or has ended
    }
  }

  #workers(): number[] {
    return Array.from({ length: this.#options.workers }, (_, worker) => worker);
  }

  #chooseWorker(worker: unknown): number {
    const { workers } = this.#options;
    if (worker === "any" && workers > 0) {
      this.#nextWorker = (this.#nextWorker + 1) % workers;
      return this.#nextWorker;
    }
    if (Number.isInteger(worker) && (worker as number) >= 0 && (worker as number) < workers) return worker as number;
    throw new DataFlowerError(
      "DF_OPTION_INVALID",
      `Cannot spawn an actor as the system has workers 0 to ${workers - 1}: found ${found(worker)}`,
    );
  }

  #requireOpen(): void {
    if (this.#unhealthy !== undefined) throw this.#unhealthy;
    if (this.#closing !== undefined) throw closedError();
  }

  #reserve(name: string): void {
    if (this.#names.has(name) || this.#node.system.has(name)) {
      throw new DataFlowerError("DF_ACTOR_NAME_TAKEN", `Cannot spawn an actor as its name must be free: found another actor ${name}`);
    }
    this.#names.reserve(name);
  }

  #publish(place: Address): void {
    this.#names.publish(place);
    for (const worker of this.#workers())
      this.#node.notify(worker, { kind: NAMED, actor: 0, incarnation: 0, number: 0 }, encodeTrusted(place));
  }

  #unpublish(name: string): void {
    if (!this.#names.remove(name)) return;
    for (const worker of this.#workers()) this.#node.notify(worker, { kind: GONE, actor: 0, incarnation: 0, number: 0 }, encodeName(name));
  }

  #lookup(name: string): Ref<never> | undefined {
    const place = this.#names.get(name);
    return place === undefined ? undefined : this.#node.table.refOf(place);
  }

  /** What a worker says that is not about one actor. */
  #notice(arrival: Arrival): void {
    if (arrival.kind === BURIED) this.deadLetters.publish(decodeDeadLetter(bodyOf(arrival), this.#node.table));
    else if (arrival.kind === FAILED) {
      const { actor, error } = decodeFailure(bodyOf(arrival));
      this.#options.onFailure(error, actor);
    } else if (arrival.kind === GONE) {
      this.#kept.remove(arrival.actor);
      this.#unpublish(decodeName(bodyOf(arrival)));
    }
  }

  #lost(worker: number): void {
    const { restarted, ended, givenUp } = this.#kept.lost(worker, nowMs());
    this.#restarted.set(worker, restarted);
    const numbers = restarted.map(({ id }) => id);
    this.#node.lost(worker, new Set(numbers));
    for (const other of this.#workers()) {
      if (other !== worker) this.#node.notify(other, { kind: LOST, actor: 0, incarnation: 0, number: worker }, encodeTrusted(numbers));
    }
    for (const { name } of ended) this.#unpublish(name);
    for (const { name, options } of givenUp) {
      const { rules } = resolveSpawnOptions(options);
      this.#options.onFailure(restartsError(name, rules, new DataFlowerError("DF_WORKER_LOST", "Its worker's thread has ended")), name);
    }
  }

  #giveUp(error: DataFlowerError): void {
    this.#unhealthy = error;
    this.#options.onFailure(error, "");
    void this.close({ grace: 0 });
  }
}

function requireSource(source: ActorSource): ActorSource {
  const { module, export: exported } = requireOptions("source", source, ["module", "export"]);
  if (typeof module !== "string" || module === "") refuseOption("source.module", "the path or file: URL of a module", module);
  if (typeof exported !== "string" || exported === "") refuseOption("source.export", "the name of an export", exported);
  return { module, export: exported };
}

function requireRef(actor: ActorRef<never>): Ref<never> {
  if (Ref.isRef(actor)) return actor;
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot watch an actor as it must be given by its ref: found ${found(actor)}`);
}
