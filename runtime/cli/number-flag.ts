/**
 * The number that a flag was given. Text that is no decimal number stays what it is: the check of the option takes it, as it takes "30s",
 * or shows it when it refuses it.
 */
export function numberOf(text: string): number {
  return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : (text as unknown as number); // no option is taken without its check
}
