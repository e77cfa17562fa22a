import type { Counts } from "../../workloads/word-count.js";

/** One way to count words: one task a file, then one that merges. */
export interface Contender {
  open(setting: { readonly threads: number }): Promise<Session>;
}

export interface Session {
  count(files: readonly string[]): Promise<Counts>;
  close(): Promise<void>;
}
