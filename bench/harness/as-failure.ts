import { DataFlowerError } from "dataflower";

/** For `catch`: how a run failed, as a value. What is no failure of a run is thrown on. */
export function asFailure(error: unknown): DataFlowerError {
  if (error instanceof DataFlowerError) return error;
  throw error;
}
