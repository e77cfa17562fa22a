import type { InHand, Presence, Reports, Sharing, Tickets } from "../../actors/ports.js";

/** Ports of actors that have no neighbours, and nobody who watches them. */

export const noTickets: Tickets = { take: () => undefined };

export const unwatched: InHand = { begin() {}, waits() {} };

export const noSharing: Sharing = {
  others: 0,
  hungryCount: () => 0,
  queuedCount: () => 0,
  share: () => false,
  hasRoom: () => false,
  offer: () => false,
};

export const noPresence: Presence = { isCurrent: () => true, enter: () => true, leave() {} };

export const noReports: Reports = {
  reserve: () => true,
  release() {},
  hasRoomFor: () => true,
  runEnded() {},
  taskFailed() {},
  returned() {},
};
