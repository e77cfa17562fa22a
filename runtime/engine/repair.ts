import type { InHandRecord, WaitingRecord } from "../memory/in-hand.js";
import type { Regions } from "../memory/regions.js";
import { TicketReader } from "../worker/ticket.js";

/** What an ended worker left in shared memory. */
export interface Remains {
  /** What it was executing. */
  readonly inHand: InHandRecord | undefined;
  /** Of the attempts that waited for promises, the one that was due first. */
  readonly waiting: WaitingRecord | undefined;
  /** Slots of the live runs that it had to do with. */
  readonly slots: readonly number[];
  /** Slots of ended runs that it was still inside of: it may have been about to free their memory. */
  readonly leaving: readonly number[];
}

/**
 * Makes good what a worker was doing when its thread ended, while all others go on. Its successor may claim everything afterwards. Call
 * it when the thread has exited and what it had sent has been taken in.
 *
 * The order matters: who touched which run is read before the worker's own words are put back.
 *
 * @param isLive whether a slot holds a live run
 */
export function repairAfter(worker: number, regions: Regions, isLive: (slot: number) => boolean): Remains {
  const { runs, doorbells, reservations, plan } = regions;
  const inHand = regions.inHand(worker);
  const remains = { inHand: inHand.read(), waiting: inHand.readWaiting() };
  const taken = takenSlots(worker, regions);
  const slots: number[] = [];
  const leaving: number[] = [];
  for (let slot = 0; slot < plan.runSlots; slot++) {
    if (!isLive(slot)) {
      if (runs.isUsedBy(slot, worker)) leaving.push(slot);
    } else if (runs.home(slot) === worker || runs.isTouchedBy(slot, worker) || taken.has(slot)) slots.push(slot);
  }
  inHand.clear();
  runs.repair(worker);
  doorbells.repair(worker);
  reservations.repair(worker);
  for (let thread = 0; thread < plan.threads; thread++) {
    if (thread === worker) continue;
    regions.ring(worker, thread).repair("producer");
    regions.ring(thread, worker).repair("consumer");
  }
  regions.arena(worker).repair();
  return { ...remains, slots, leaving };
}

/** Slots of the tickets that it had taken and not done with. Their runs start again, so nobody else needs the tickets. */
function takenSlots(worker: number, { queue, runs }: Regions): Set<number> {
  const ticket = new TicketReader(queue.ints);
  const found = new Set<number>();
  for (const cell of queue.repair(worker).taken) {
    ticket.at = queue.wordOf(cell);
    if (runs.isCurrent(ticket.slot, ticket.epoch)) found.add(ticket.slot);
    queue.discard(cell);
  }
  return found;
}
