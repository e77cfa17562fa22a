import { assert } from "../../actors/kernel/assert.js";
import { Ref, type Target } from "../../actors/local/ref.js";
import { Reply } from "../../actors/local/reply.js";
import type { Resident } from "../../actors/local/resident.js";
import type { Address, Addresses } from "../codec/message-codec.js";
import { RemoteActor } from "./remote-actor.js";

/** An actor or an ask of this thread, as messages from other threads find it. */
export type Here = Resident<unknown, unknown> | Reply<unknown>;

export interface AddressTableParts {
  readonly thread: number;
  /** Of this thread, from 1. */
  readonly incarnation: number;
  /** Makes the ref to an actor of another thread. */
  readonly makeRemote: (address: Address) => Ref<never>;
  /** The incarnation of another thread at the moment. */
  readonly incarnationOf: (thread: number) => number;
}

/**
 * Which number stands for which actor. An actor gets one when its ref first leaves the thread; one that was spawned from another thread
 * has got it from there, and keeps it through the incarnations of its worker.
 */
export class AddressTable implements Addresses {
  readonly #parts: AddressTableParts;
  readonly #own = new Map<number, Here>();
  readonly #kept = new Map<number, Here>();
  readonly #remotes: RemoteRefs[] = [];
  #actors = 0;
  #asks = 0;

  constructor(parts: AddressTableParts) {
    this.#parts = parts;
  }

  addressOf(ref: Ref<never>): Address {
    const target = Ref.targetOf(ref);
    if (target instanceof RemoteActor) return target.place;
    const { thread, incarnation } = this.#parts;
    const here = target as unknown as Here; // all refs of a system are to one of the three
    if (here.address === 0) this.#number(here);
    return { thread, incarnation: this.#kept.get(here.address) === here ? 0 : incarnation, id: here.address, name: here.name };
  }

  refOf(address: Address): Ref<never> {
    const { thread, incarnation, id } = address;
    if (thread === this.#parts.thread) return this.find(incarnation, id)?.ref ?? this.#parts.makeRemote(address);
    if (id < 0) return this.#parts.makeRemote(address); // it is used once
    this.#remotes[thread] ??= new RemoteRefs();
    return this.#remotes[thread].get(address, this.#parts.incarnationOf(thread), () => this.#parts.makeRemote(address));
  }

  /** The actor or ask of this thread; undefined when it has ended. */
  find(incarnation: number, id: number): Here | undefined {
    if (incarnation === 0) return this.#kept.get(id);
    return incarnation === this.#parts.incarnation ? this.#own.get(id) : undefined;
  }

  /** Gives an actor the number that another thread has chosen. */
  keep(id: number, resident: Here): void {
    resident.address = id;
    this.#kept.set(id, resident);
  }

  /** Its number is free. @returns it; 0: it had none */
  forget(target: Target<never>): number {
    const id = target.address;
    if (id === 0) return 0;
    if (this.#kept.get(id) === target) this.#kept.delete(id);
    else this.#own.delete(id);
    return id;
  }

  #number(here: Here): void {
    if (here instanceof Reply) {
      this.#asks = next(this.#asks);
      here.address = -this.#asks;
    } else {
      this.#actors = next(this.#actors);
      here.address = this.#actors;
    }
    this.#own.set(here.address, here);
  }
}

/** Asks and actors of a thread that others know, in all its life. */
const numberMax = 2 ** 31 - 1;

function next(number: number): number {
  assert(number < numberMax, "a thread lives for less than 2^31 actors and asks that other threads know");
  return number + 1;
}

/** Refs to the actors of one other thread, so that one that is still held is given out again. */
class RemoteRefs {
  readonly #kept = new Map<number, WeakRef<Ref<never>>>();
  #own = new Map<number, WeakRef<Ref<never>>>();
  #incarnation = 0;

  get({ incarnation, id }: Address, current: number, make: () => Ref<never>): Ref<never> {
    if (incarnation !== 0 && incarnation !== current) return make(); // that thread has ended
    if (current !== this.#incarnation) {
      this.#own = new Map();
      this.#incarnation = current;
    }
    const refs = incarnation === 0 ? this.#kept : this.#own;
    const known = refs.get(id)?.deref();
    if (known !== undefined) return known;
    const made = make();
    refs.set(id, new WeakRef(made));
    forgotten.register(made, { refs, id });
    return made;
  }
}

/** Takes the place of a ref out when nobody holds it any more. */
const forgotten = new FinalizationRegistry<{ refs: Map<number, WeakRef<Ref<never>>>; id: number }>(({ refs, id }) => {
  if (refs.get(id)?.deref() === undefined) refs.delete(id);
});
