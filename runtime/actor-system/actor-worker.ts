import type { DeadLetter } from "../../actors/kernel/dead-letters.js";
import type { Directive } from "../../actors/kernel/supervision.js";
import { undeliveredError } from "../../actors/local/actor-errors.js";
import type { LocalDefinition } from "../../actors/local/definition.js";
import { Ref } from "../../actors/local/ref.js";
import { resolveSpawnOptions } from "../../actors/local/spawn-settings.js";
import { type Address, decodeMessage } from "../codec/message-codec.js";
import { decodeValue } from "../codec/value-codec.js";
import { after, nowMs } from "../observe/system-clock.js";
import { letThrough } from "../worker/stray-errors.js";
import type { Quietness } from "./actor-control.js";
import { ActorRegions } from "./actor-regions.js";
import type { ActorWorkerStart, Spawned, SpawnRequest } from "./actor-worker-start.js";
import type { Here } from "./address-table.js";
import { type Arrival, bodyOf } from "./arrivals.js";
import { encodeDeadLetter } from "./dead-letter-body.js";
import { findActor } from "./find-actor.js";
import { BURIED, FAILED, GONE, LOST, NAMED } from "./frames.js";
import { encodeFailure, encodeName } from "./notices.js";
import { ThreadNode } from "./thread-node.js";

/** How long a closing thread waits for room for its dead letters, in ms; it looks that often. */
const giveUpMsMax = 500;
const giveUpLookMs = 1;

/** A worker thread of an actor system. */
export class ActorWorker {
  readonly #node: ThreadNode;
  readonly #start: ActorWorkerStart;
  readonly #names = new Map<string, Address>();
  /** Of the actors that the control thread has spawned here. */
  readonly #keptNames = new Set<string>();

  constructor(start: ActorWorkerStart) {
    const { thread, incarnation, plan, buffer, news, spinUs, mailbox } = start;
    this.#start = start;
    for (const address of start.names) this.#names.set(address.name, address);
    this.#node = new ThreadNode({
      regions: new ActorRegions(buffer, plan),
      ...{ thread, incarnation, news, spinUs, mailbox },
      onFailure: (error, actor) => this.#tellControl(FAILED, 0, encodeFailure(error, actor)),
      onDeadLetter: (letter) => this.#bury(letter),
      onStopped: (id, name) => {
        if (this.#keptNames.delete(name)) this.#tellControl(GONE, id, encodeName(name));
      },
      onNotice: (_, arrival) => this.#notice(arrival),
      lookupElsewhere: (name) => this.#lookup(name),
      onBroken: (_, error) => {
        throw error;
      },
      onFailed: (error) => {
        letThrough(error);
        throw error;
      },
    });
  }

  /** Starts again what the worker had before its thread ended, then handles messages. */
  async begin(): Promise<void> {
    for (const request of this.#start.kept) {
      await this.spawn(request).catch((error: unknown) => {
        this.#tellControl(FAILED, 0, encodeFailure(error, request.name));
        this.#tellControl(GONE, request.id, encodeName(request.name));
      });
    }
    this.#node.loop.begin();
  }

  /** @throws what findActor() throws, DF_ACTOR_FAILED, DF_OPTION_INVALID */
  async spawn({ id, name, module, export: exported, args, options }: SpawnRequest): Promise<Spawned> {
    const definition = await findActor(module, exported);
    const { system, table } = this.#node;
    const settings = resolveSpawnOptions(options, this.#start.mailbox);
    const ref = system.spawnNamed(definition, decodeMessage(args, table), settings, name);
    this.#keptNames.add(name);
    table.keep(id, Ref.targetOf(ref) as unknown as Here); // it has just been spawned here
    return { isRestartedAfterLoss: (settings.directive ?? directiveAfterLoss(definition, name)) === "restart" };
  }

  quietness(): Quietness {
    const { loop } = this.#node;
    loop.wake(); // takes in what has come
    return { isQuiet: this.#node.isQuiet, handled: loop.handledCount };
  }

  /** Stops all actors and sends what there is to say of that. */
  async giveUp(): Promise<void> {
    this.#node.stopActors();
    const until = nowMs() + giveUpMsMax;
    while (this.#node.isBlocked && nowMs() < until) {
      await new Promise<void>((resolve) => after(giveUpLookMs, resolve));
      this.#node.stopActors(); // sends what there is room for
    }
  }

  close(): void {
    this.#node.close();
    this.#node.links.close();
  }

  #tellControl(kind: number, actor: number, body: Uint8Array): void {
    this.#node.notify(this.#start.plan.control, { kind, actor, incarnation: 0, number: 0 }, body);
  }

  /** The control thread's stream has a bound, too: what finds no room is only counted. */
  #bury(letter: DeadLetter): void {
    const { control } = this.#start.plan;
    const number = this.#node.system.deadLetters.count & 0x7fffffff;
    this.#node.offer(control, { kind: BURIED, actor: 0, incarnation: 0, number }, encodeDeadLetter(letter, this.#node.table));
  }

  #lookup(name: string): Ref<never> | undefined {
    const address = this.#names.get(name);
    return address === undefined ? undefined : this.#node.table.refOf(address);
  }

  #notice(arrival: Arrival): void {
    if (arrival.kind === NAMED) {
      const address = decodeValue(bodyOf(arrival)) as Address; // the control thread sends no other
      this.#names.set(address.name, address);
    } else if (arrival.kind === GONE) this.#names.delete(decodeValue(bodyOf(arrival)) as string);
    else if (arrival.kind === LOST) {
      const restarted = new Set(decodeValue(bodyOf(arrival)) as number[]);
      this.#node.drainAll(arrival.number); // what it had sent comes first
      this.#node.lost(arrival.number, restarted);
    }
  }
}

function directiveAfterLoss({ supervise }: LocalDefinition<unknown, unknown>, name: string): Directive {
  try {
    return supervise?.(undeliveredError(name, "lost")) ?? "stop";
  } catch {
    return "stop";
  }
}
