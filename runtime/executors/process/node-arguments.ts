const mebibyte = 1024 * 1024;

/** Arguments that are the parent's own affair: what it debugs, measures or executes. Those of the second list are followed by a value. */
const ownFlags =
  /^--(inspect|debug|cpu-prof|heap-prof|prof|watch|test|check|interactive|report|input-type|max-old-space-size|max-semi-space-size|expose-internals)/;
const ownFlagsWithValue: ReadonlySet<string> = new Set(["-e", "--eval", "-p", "--print", "-pe"]);
const ownShortFlags: ReadonlySet<string> = new Set(["-c", "-i"]);

/**
 * Arguments of Node for a child process: the parent's, so that it finds and reads modules as the parent does, and the limits of its heap.
 *
 * Young and old objects together stay below the cap of its memory, so that a handler that fills the heap is ended by V8, which collects
 * garbage first; the cap itself ends it for what lies outside of the heap.
 */
export function nodeArguments(parents: readonly string[], memoryBytesMax: number): string[] {
  const megabytes = memoryBytesMax / mebibyte;
  const semiSpace = Math.min(16, Math.max(1, Math.floor(megabytes / 16)));
  const oldSpace = Math.max(8, Math.floor((megabytes * 3) / 4));
  return [...inherited(parents), `--max-semi-space-size=${semiSpace}`, `--max-old-space-size=${oldSpace}`];
}

function inherited(parents: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < parents.length; at++) {
    const argument = parents[at] as string;
    if (ownFlagsWithValue.has(argument)) at += 1;
    else if (!ownFlags.test(argument) && !ownShortFlags.has(argument)) kept.push(argument);
  }
  return kept;
}
