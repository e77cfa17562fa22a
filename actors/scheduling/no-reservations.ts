import type { Reservations } from "../ports.js";

/** Everything fits. */
export const noReservations: Reservations = { isOpen: true, reserve: () => true, release() {} };
