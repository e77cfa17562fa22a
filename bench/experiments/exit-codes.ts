/** What the program ends with. */
export const exitCodes = { measured: 0, broken: 1, badInput: 2, interrupted: 130 } as const;
