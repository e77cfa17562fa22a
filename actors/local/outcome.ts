/** How an ask ended. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/** Longest timeout of an ask, in ms: a year. */
export const askMsMax = 366 * 86_400_000;
