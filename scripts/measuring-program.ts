/** What the programs that measure have in common. */

/** Thrown for what the user got wrong; help follows the message. */
export class UsageError extends Error {}

/** Runs a program. @returns its exit code: 0 done, 1 something broke, 2 bad usage */
export async function runProgram(help: string, main: () => Promise<void>): Promise<number> {
  try {
    await main();
    return 0;
  } catch (error) {
    const isUsage = isUsageError(error);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? `\n${help}` : ""}`);
    return isUsage ? 2 : 1;
  }
}

function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
}

export interface RoundsFlags {
  readonly rounds?: string | undefined;
  readonly quick: boolean;
}

const ROUNDS = 10;
const QUICK_ROUNDS = 2;

/** @throws UsageError unless it is a whole number of at least 1 */
export function roundsOf({ rounds: flag, quick }: RoundsFlags): number {
  return flag === undefined ? (quick ? QUICK_ROUNDS : ROUNDS) : wholeNumberOf("--rounds", flag);
}

/** @throws UsageError unless it is a whole number of at least 1 */
export function wholeNumberOf(name: string, flag: string): number {
  const number = Number(flag);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`Cannot measure as ${name} must be a whole number of at least 1: ${flag}`);
  return number;
}
