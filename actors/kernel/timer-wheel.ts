/**
 * Timers of one thread: any number of them behind one timer of the clock, set and cleared in constant time.
 *
 *   level 0   64 slots of 1 tick        ┌┬┬┬┬┬┬┬┬┬┬┬┬┬┬┬┐      the ticks that share the hand's 64
 *   level 1   64 slots of 64 ticks      ┌┬┬┬┬┬┬┬┬┬┬┬┬┬┬┬┐      those that share its 64²
 *   …
 *   level 5   64 slots of 64⁵ ticks     ┌┬┬┬┬┬┬┬┬┬┬┬┬┬┬┬┐      those that share its 64⁶: 8.7 years
 *   beyond    one slot                  ┌┐                      all that is later
 *
 * The hand is the last tick that has been looked at; it stands still while nothing is due. An entry lies on the lowest level whose
 * whole turn it shares with the hand, so every occupied slot is ahead of the hand, a lower level is always due before a higher one,
 * and the next occupied slot is the lowest bit of the lowest level. When the hand reaches a slot of a higher level, its entries move
 * down (each at most once a level).
 *
 * What is due is due at the end of its tick: never early, and up to `tickMs` late. Entries are linked in place and used again, so
 * that a wheel in steady use allocates nothing.
 */

import { assert } from "./assert.js";
import type { Clock } from "./clock.js";

/** Resolution, in ms. */
export const tickMs = 4;
/** Longest wait that is asked of the clock, in ms: timers of the language fire at once beyond it. */
export const waitMsMax = 2 ** 31 - 1;
/** When the clock's timer comes later than this after its time, something has held the thread, in ms. */
export const lateMs = 20;
/** Entries kept for further use. */
const spareMax = 4096;

const slotBits = 6;
const slots = 1 << slotBits;
const levels = 6;
const slotOfBeyond = levels * slots;
/** Ticks of one slot, by level; the last one is the whole wheel. */
const ticksOf = Array.from({ length: levels + 1 }, (_, level) => slots ** level);

/** What waits for its time in a wheel. It is the setter's until it is cleared or handed out; the wheel uses it again afterwards. */
export interface TimerEntry<Item> {
  readonly item: Item;
  readonly dueAt: number;
}

/** An entry as the wheel sees it. In no slot: -1. */
class Entry<Item> implements TimerEntry<Item> {
  /** undefined while it is spare. */
  content: Item | undefined;
  dueAt = 0;
  tick = 0;
  slot = -1;
  previous: Entry<Item> | undefined = undefined;
  next: Entry<Item> | undefined = undefined;

  constructor(content: Item) {
    this.content = content;
  }

  get item(): Item {
    return this.content as Item; // only spare entries have none
  }
}

export class TimerWheel<Item> {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  /** Time of tick 0. */
  readonly #originMs: number;
  /** First entry of each slot, level by level. */
  readonly #heads: (Entry<Item> | undefined)[] = new Array<Entry<Item> | undefined>(slotOfBeyond + 1).fill(undefined);
  /** Which slots are occupied: two words a level, 32 slots each. */
  readonly #occupied = new Int32Array(2 * levels);
  #hand = 0;
  #size = 0;
  #spare: Entry<Item> | undefined;
  #spareCount = 0;
  /** What is due by then may be handed out, in ms. */
  #judgedUntil: number;
  /** When the clock's timer is to come, in ms; Infinity: there is none. */
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: (() => void) | undefined;

  /** @param onDue called when something may be due: `expired` is to be called soon, from there or later */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#originMs = clock.nowMs();
    this.#judgedUntil = this.#originMs;
  }

  get size(): number {
    return this.#size;
  }

  /** Has the item handed out when `dueAt` (ms on the clock, finite) has come; at once when it has passed. */
  set(item: Item, dueAt: number): TimerEntry<Item> {
    assert(Number.isFinite(dueAt), "a timer has a time");
    const entry = this.#entryOf(item);
    entry.dueAt = dueAt;
    entry.tick = Math.max(this.#hand + 1, Math.ceil((dueAt - this.#originMs) / tickMs));
    this.#size += 1;
    this.#place(entry);
    this.#arm(this.#originMs + entry.tick * tickMs);
    return entry;
  }

  /** Takes an entry back that has not been handed out. */
  clear(entry: TimerEntry<Item>): void {
    this.#remove(entry as Entry<Item>); // set() makes all of them
  }

  /** Takes back every entry whose item fits. Looks at all of them. */
  removeWhere(fits: (item: Item) => boolean): void {
    for (const head of this.#heads) {
      for (let entry = head; entry !== undefined; ) {
        const { next } = entry;
        if (fits(entry.item)) this.#remove(entry);
        entry = next;
      }
    }
  }

  /**
   * Hands out what was due when the clock's timer came, in the order of ticks; within a tick in no order. What has become due since
   * is left for the next time, after the thread has taken in what else has happened. `visit` may set and clear.
   */
  expired(visit: (item: Item, dueAt: number) => void): void {
    const until = this.#tickBefore(this.#judgedUntil);
    for (let at = this.#nextSlotTick(); at <= until; at = this.#nextSlotTick()) {
      const slot = this.#nextSlot();
      this.#hand = at;
      if (slot < slots) this.#handOut(slot, visit);
      else this.#moveDown(slot);
    }
    this.#hand = Math.max(this.#hand, until);
    this.#arm(this.#originMs + this.#nextSlotTick() * tickMs);
  }

  /** Lets go of the clock's timer: nothing is handed out any more. */
  close(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#armedFor = Number.NEGATIVE_INFINITY;
  }

  #handOut(slot: number, visit: (item: Item, dueAt: number) => void): void {
    for (let entry = this.#heads[slot]; entry !== undefined; entry = this.#heads[slot]) {
      const { item, dueAt } = entry;
      this.#remove(entry);
      visit(item, dueAt);
    }
  }

  #moveDown(slot: number): void {
    let entry = this.#heads[slot];
    this.#heads[slot] = undefined;
    this.#mark(slot, false);
    while (entry !== undefined) {
      const { next }: { next: Entry<Item> | undefined } = entry;
      this.#place(entry);
      entry = next;
    }
  }

  /** The last tick that has ended by then. */
  #tickBefore(timeMs: number): number {
    return Math.floor((timeMs - this.#originMs) / tickMs);
  }

  /** Asks the clock for one timer, unless it has one that comes early enough. One that comes too early finds nothing and asks anew. */
  #arm(atMs: number): void {
    if (atMs >= this.#armedFor) return;
    this.#disarm?.();
    const now = this.#clock.nowMs();
    const waitMs = Math.min(waitMsMax, Math.max(0, Math.ceil(atMs - now)));
    this.#armedFor = now + waitMs;
    this.#disarm = this.#clock.after(waitMs, () => this.#came());
  }

  /** A thread that was held takes in first what has happened meanwhile: promises that were kept in time, answers that have come. */
  #came(): void {
    const now = this.#clock.nowMs();
    this.#judgedUntil = Math.max(this.#judgedUntil, now);
    if (now - this.#armedFor > lateMs) this.#disarm = this.#clock.after(0, () => this.#due());
    else this.#due();
  }

  #due(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#disarm = undefined;
    this.#onDue();
  }

  /** The occupied slot that the hand reaches next; -1 when there is none. */
  #nextSlot(): number {
    for (let level = 0; level < levels; level++) {
      const low = this.#occupied[2 * level] as number;
      if (low !== 0) return level * slots + lowestBit(low);
      const high = this.#occupied[2 * level + 1] as number;
      if (high !== 0) return level * slots + 32 + lowestBit(high);
    }
    return this.#heads[slotOfBeyond] === undefined ? -1 : slotOfBeyond;
  }

  /** First tick of that slot; Infinity when there is none. */
  #nextSlotTick(): number {
    const slot = this.#nextSlot();
    if (slot < 0) return Number.POSITIVE_INFINITY;
    const level = slot >> slotBits;
    if (level === levels) return turnOf(this.#hand, level) + (ticksOf[level] as number);
    return turnOf(this.#hand, level + 1) + (slot & (slots - 1)) * (ticksOf[level] as number);
  }

  #place(entry: Entry<Item>): void {
    let level = 0;
    while (level < levels && turnOf(entry.tick, level + 1) !== turnOf(this.#hand, level + 1)) level += 1;
    const slot = level === levels ? slotOfBeyond : level * slots + (Math.floor(entry.tick / (ticksOf[level] as number)) % slots);
    const head = this.#heads[slot];
    entry.slot = slot;
    entry.previous = undefined;
    entry.next = head;
    if (head !== undefined) head.previous = entry;
    this.#heads[slot] = entry;
    this.#mark(slot, true);
  }

  #unlink(entry: Entry<Item>): void {
    const { slot, previous, next } = entry;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else {
      this.#heads[slot] = next;
      if (next === undefined) this.#mark(slot, false);
    }
    entry.slot = -1;
  }

  #mark(slot: number, isOccupied: boolean): void {
    if (slot === slotOfBeyond) return;
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    const before = this.#occupied[word] as number;
    this.#occupied[word] = isOccupied ? before | bit : before & ~bit;
  }

  #entryOf(item: Item): Entry<Item> {
    const entry = this.#spare;
    if (entry === undefined) return new Entry(item);
    this.#spare = entry.next;
    this.#spareCount -= 1;
    entry.content = item;
    return entry;
  }

  #remove(entry: Entry<Item>): void {
    assert(entry.slot >= 0, "an entry is taken back while it waits");
    this.#unlink(entry);
    this.#size -= 1;
    entry.content = undefined;
    entry.previous = undefined;
    entry.next = undefined;
    if (this.#spareCount === spareMax) return;
    this.#spareCount += 1;
    entry.next = this.#spare;
    this.#spare = entry;
  }
}

/** First tick of the turn of `level` slots' worth of ticks that a tick lies in. Ticks exceed 2^31, so there are no bit operators here. */
function turnOf(tick: number, level: number): number {
  const ticks = ticksOf[level] as number;
  return Math.floor(tick / ticks) * ticks;
}

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
