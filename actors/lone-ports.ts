import { assert } from "./kernel/assert.js";
import type { InHand, Journal, Presence, Reports, Reservations, Sharing, Tickets } from "./ports.js";

/** Ports of actors that have no neighbours, and nobody who watches them. */

export const noTickets: Tickets = { take: () => undefined };

export const unwatched: InHand = { begin() {}, waits() {} };

export const noSharing: Sharing = {
  others: 0,
  sharesAtStart: false,
  hungryCount: () => 0,
  queuedCount: () => 0,
  share: () => false,
  hasRoom: () => false,
  offer: () => false,
};

const noGuests = (): never => {
  assert(false, "a worker without neighbours is nobody's guest");
};

export const noPresence: Presence = { isCurrent: () => true, enter: noGuests, leave: noGuests };

export const noReports: Reports = {
  reserve: noGuests,
  release: noGuests,
  hasRoomFor: noGuests,
  runEnded: noGuests,
  taskFailed: noGuests,
  returned: noGuests,
};

const nothingRecorded = (): never => {
  assert(false, "where nothing is recorded nothing is asked to be");
};

/** Nothing outlives its thread. */
export const noJournal: Journal = {
  records: () => false,
  isStrict: false,
  returned: nothingRecorded,
  failed: nothingRecorded,
  started: nothingRecorded,
  isDurable: () => true,
  flush: () => true,
};

/** Everything fits. */
export const noReservations: Reservations = {
  isOpen: true,
  reservesAll: false,
  waitingCount: () => 0,
  reserve: () => true,
  suspend() {},
  withdraw() {},
  release() {},
};
