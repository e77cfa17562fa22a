import { DataFlowerError } from "../../actors/kernel/errors.js";
import { requireOneOf } from "../authoring/option-checks.js";
import { durabilities, type EngineOptions, type ResolvedStore, resolveEngineOptions } from "../engine/options.js";
import { withoutCredentials } from "../stores/without-credentials.js";

/** What a command was given about its store, as it was written. */
export interface StoreFlags {
  readonly store: string;
  readonly durability?: string;
  readonly commit?: string;
  readonly journal?: string;
}

/** @throws DF_OPTION_INVALID; the engine checks the rest */
export function storeOptionsOf({
  store,
  durability,
  commit,
  journal,
}: StoreFlags): Pick<EngineOptions, "store" | "durability" | "commit" | "journal"> {
  return {
    store,
    ...(durability === undefined ? {} : { durability: requireOneOf("--durability", durability, durabilities) }),
    ...(commit === undefined ? {} : { commit: requireOneOf("--commit", commit, ["strict", "pipelined"]) }),
    ...(journal === undefined ? {} : { journal }),
  };
}

/** The store of a command that is about what an earlier process has left. @throws DF_OPTION_INVALID, DF_STORE_UNSUPPORTED, DF_DURABILITY_UNSUPPORTED */
export function requireLastingStore(flags: StoreFlags): ResolvedStore {
  const { store } = resolveEngineOptions(storeOptionsOf(flags));
  if (store !== undefined) return store;
  const message = "Cannot look for runs of earlier processes as --store must name what outlives a process: found memory";
  throw new DataFlowerError("DF_OPTION_INVALID", message);
}

/** How to go on with what was left unfinished, as it can be typed; without what may be a password. */
export function resumeHint(file: string, { store, journal }: StoreFlags): string {
  return `dataflower resume ${quoted(file)} --store ${quoted(withoutCredentials(store))}${journal === undefined ? "" : ` --journal ${quoted(journal)}`}`;
}

const quoted = (word: string): string => (/^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
