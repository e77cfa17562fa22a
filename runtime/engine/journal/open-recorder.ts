import type { ResolvedEngineOptions } from "../options.js";
import type { JournalRecorder } from "./journal-recorder.js";
import { ProvisionalRecorder } from "./provisional-recorder.js";

/** Opens the store that an engine was given, if it was given one; its owner is this engine from then on. */
export async function openRecorder({ store, crashAttemptsMax }: ResolvedEngineOptions): Promise<JournalRecorder | ProvisionalRecorder> {
  if (store === undefined) return new ProvisionalRecorder();
  // Loaded when they are wanted: most engines keep nothing.
  const [{ connectStore }, { JournalRecorder }] = await Promise.all([
    import("../../stores/connect-store.js"),
    import("./journal-recorder.js"),
  ]);
  const connected = await connectStore(store.url, store.options);
  try {
    return new JournalRecorder(connected, await connected.open(store.journal), { ...store.retention, crashAttemptsMax });
  } catch (error) {
    await connected.close();
    throw error;
  }
}
