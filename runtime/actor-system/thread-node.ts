import type { MessagePort } from "node:worker_threads";
import type { DeadLetter } from "../../actors/kernel/dead-letters.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { undeliveredError } from "../../actors/local/actor-errors.js";
import { LocalSystem, type OnFailure } from "../../actors/local/local-system.js";
import type { Ref } from "../../actors/local/ref.js";
import type { MailboxOptions } from "../../actors/local/spawn-settings.js";
import { Bells } from "../worker/bells.js";
import { threadEventLoop } from "../worker/event-loop.js";
import { Links } from "../worker/links.js";
import { SpinPolicy } from "../worker/spin-policy.js";
import { ActorLoop } from "./actor-loop.js";
import type { ActorRegions } from "./actor-regions.js";
import { AddressTable } from "./address-table.js";
import { type Arrival, Arrivals } from "./arrivals.js";
import type { FrameHead } from "./frames.js";
import { IncomingFrames } from "./incoming-frames.js";
import { Outgoing } from "./outgoing.js";
import { RemoteActor } from "./remote-actor.js";
import { Route } from "./route.js";
import { ThreadRef } from "./thread-ref.js";

export interface ThreadNodeParts {
  readonly regions: ActorRegions;
  readonly thread: number;
  /** Of this thread, from 1. */
  readonly incarnation: number;
  /** Where links to other threads come from; undefined on the control thread. */
  readonly news: MessagePort | undefined;
  /** Longest spin before the thread sleeps, in µs; 0: never. */
  readonly spinUs: number;
  readonly mailbox: MailboxOptions | undefined;
  readonly onFailure: OnFailure;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  /** An actor that other threads may know has stopped. */
  readonly onStopped: (id: number, name: string) => void;
  /** What another thread says that is not about one actor. */
  readonly onNotice: (from: number, arrival: Arrival) => void;
  readonly isTaken?: (name: string) => boolean;
  readonly lookupElsewhere: (name: string) => Ref<never> | undefined;
  /** What a ring brought is not what was sent. @param from the thread that writes it */
  readonly onBroken: (from: number, error: unknown) => void;
  /** The thread cannot go on by a mistake of our own. */
  readonly onFailed: (error: unknown) => void;
}

/** Composition root of one thread of an actor system: its actors, its ends of the rings, and the loop that drives both. */
export class ThreadNode {
  readonly system: LocalSystem;
  readonly table: AddressTable;
  readonly links: Links;
  readonly bells: Bells;
  readonly loop: ActorLoop;
  readonly #parts: ThreadNodeParts;
  readonly #outgoing: Outgoing;
  readonly #incoming: IncomingFrames;
  readonly #routes = new Map<number, Route>();
  readonly #arrivals = new Map<number, Arrivals>();
  /** Threads that something was sent to in this turn, and that have not been rung. */
  readonly #unrung = new Set<number>();
  #isClosed = false;

  constructor(parts: ThreadNodeParts) {
    this.#parts = parts;
    const { regions, thread, incarnation, onDeadLetter } = parts;
    const { doorbells, plan } = regions;
    this.links = new Links(doorbells, parts.news, () => this.loop.wake());
    this.bells = new Bells(doorbells, this.links, plan.control);
    const kernel = new ActorSystem({ clock: threadEventLoop, onRunnable: () => this.loop.poke() });
    this.system = new LocalSystem({
      kernel,
      makeRef: (target) => new ThreadRef(target, this.system),
      onFailure: parts.onFailure,
      onDeadLetter,
      onForgotten: (target) => {
        const id = this.table.forget(target);
        if (id > 0) parts.onStopped(id, target.name);
      },
      lookupElsewhere: parts.lookupElsewhere,
      mailbox: parts.mailbox,
      ...(parts.isTaken === undefined ? {} : { isTaken: parts.isTaken }),
    });
    const incarnationOf = (other: number) => (other === thread ? incarnation : Math.max(1, doorbells.incarnation(other))); // the control thread's is 1
    const makeRemote = (place: ConstructorParameters<typeof RemoteActor>[0]) =>
      this.system.makeRef<never>(new RemoteActor(place, this.#outgoing));
    const routeTo = (other: number) => (this.#isClosed ? undefined : this.#routes.get(other));
    const { deadLetters } = this.system;
    this.table = new AddressTable({ thread, incarnation, makeRemote, incarnationOf });
    this.#outgoing = new Outgoing({ addresses: this.table, deadLetters, routeTo, incarnationOf });
    this.#incoming = new IncomingFrames({ table: this.table, outgoing: this.#outgoing, deadLetters, routeTo, onNotice: parts.onNotice });
    for (const other of regions.others(thread)) this.#join(other);
    this.loop = new ActorLoop({
      thread,
      kernel,
      doorbells,
      spin: new SpinPolicy(parts.spinUs, doorbells),
      eventLoop: threadEventLoop,
      drain: () => this.#drain(),
      flush: () => this.#flush(),
      isBlocked: () => this.isBlocked,
      onFailed: parts.onFailed,
    });
  }

  /** True when something waits for room in a ring. */
  get isBlocked(): boolean {
    for (const route of this.#routes.values()) if (route.isBlocked) return true;
    return false;
  }

  /** True when no actor has a message and nothing waits to be sent. */
  get isQuiet(): boolean {
    return this.system.kernel.isIdle && !this.isBlocked;
  }

  /** Tells another thread something that is not about one actor, as soon as there is room. */
  notify(other: number, head: FrameHead, body: Uint8Array): void {
    this.#routes.get(other)?.post(head, body);
  }

  /** As notify(), and false where there is no room. */
  offer(other: number, head: FrameHead, body: Uint8Array): boolean {
    return this.#routes.get(other)?.offer(head, body) === true;
  }

  /** Takes in all that an ended thread has sent: for the control thread, before the thread's successor is made. */
  drainAll(from: number): void {
    while (this.#drainFrom(from)) {}
  }

  /** A thread has ended. @param restarted numbers of those of its actors that are started again */
  lost(thread: number, restarted: ReadonlySet<number>): void {
    this.#incoming.lost(thread);
    this.#outgoing.lost(thread, restarted, undeliveredError(`on worker ${thread}`, "lost"));
  }

  /** Stops all actors; what waits becomes dead letters. */
  stopActors(): void {
    this.system.close();
    this.#flush();
  }

  /** Lets go of everything; asks that are still waited for end. */
  close(): void {
    for (const other of this.#parts.regions.others(this.#parts.thread)) this.lost(other, new Set());
    this.#isClosed = true;
    this.loop.stop();
  }

  #join(other: number): void {
    const { regions, thread } = this.#parts;
    const port = () => this.links.blob(other);
    this.#routes.set(other, new Route({ ring: regions.ring(thread, other), port, onSent: () => this.#sent(other) }));
    this.#arrivals.set(other, new Arrivals(regions.ring(other, thread), port));
  }

  #sent(other: number): void {
    if (this.loop.isWorking) this.#unrung.add(other);
    else this.bells.ring(other);
  }

  #drain(): boolean {
    let hasReceived = false;
    for (const other of this.#arrivals.keys()) hasReceived = this.#drainFrom(other) || hasReceived;
    return hasReceived;
  }

  #drainFrom(other: number): boolean {
    try {
      return this.#arrivals.get(other)?.drain((arrival) => this.#incoming.receive(other, arrival)) === true;
    } catch (error) {
      this.#parts.onBroken(other, error);
      return false;
    }
  }

  #flush(): void {
    for (const route of this.#routes.values()) route.flush();
    if (this.#unrung.size === 0) return;
    for (const other of this.#unrung) this.bells.ring(other);
    this.#unrung.clear();
  }
}
