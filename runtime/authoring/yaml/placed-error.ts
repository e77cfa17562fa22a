import { DataFlowerError } from "../../../actors/kernel/errors.js";

/** An error of DataFlower with the place that it is about in front, as `flow.yaml:7`; any other error as it is. */
export function placed(error: unknown, place: string): unknown {
  if (!(error instanceof DataFlowerError)) return error;
  return new DataFlowerError(error.code, `${place}: ${error.message}`, "cause" in error ? { cause: error.cause } : {});
}
