/** Ten years in ms: what a duration may be at most, and the time between the first submission and the last. Beyond it nothing is meant. */
export const tenYearsMs = 3_650 * 24 * 3_600_000;
