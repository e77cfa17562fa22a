import { errorToData } from "../codec/error-codec.js";

/** Lines that are written; what comes behind them is silent. */
export const failureLinesMax = 100;

/** Tells of errors that ended actors on stderr, one line of JSON each: what a system does that was given no `onFailure`. */
export function failureLines(
  write: (line: string) => void = (line) => void process.stderr.write(line),
): (error: unknown, actor: string) => void {
  let count = 0;
  return (error, actor) => {
    count += 1;
    if (count > failureLinesMax) return;
    const data = errorToData(error);
    const shown =
      data.kind === "error"
        ? { message: `${data.name}: ${data.message}`, stack: data.stack }
        : { message: "An actor threw what is no error" };
    write(`${JSON.stringify({ level: "warn", actor, ...shown })}\n`);
    if (count === failureLinesMax)
      write(`${JSON.stringify({ level: "warn", message: "So many actors have failed that no more is said of it" })}\n`);
  };
}
