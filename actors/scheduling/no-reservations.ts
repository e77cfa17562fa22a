import type { Reservations } from "../ports.js";

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
