import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Names of journals and ids of runs become keys, so they hold nothing that a store would read as more than a name. */
const pattern = /^[A-Za-z0-9._-]{1,128}$/;

/** Whether a run can have this id. */
export const isRunId = (id: string): boolean => pattern.test(id);

/** @throws DF_OPTION_INVALID for what is no name of a journal */
export function requireJournalName(name: string): string {
  if (pattern.test(name)) return name;
  const found = JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
  throw new DataFlowerError(
    "DF_OPTION_INVALID",
    `Cannot name a journal so as names are 1 to 128 letters, digits, ".", "_" and "-": found ${found}`,
  );
}
