const lengthMax = 500;

/** What was thrown, as the end of a message. Never throws, whatever that was. */
export function thrownText(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`.slice(0, lengthMax);
    return typeof thrown === "string" ? JSON.stringify(thrown).slice(0, lengthMax) : String(thrown).slice(0, lengthMax);
  } catch {
    return "a value that cannot be printed";
  }
}
