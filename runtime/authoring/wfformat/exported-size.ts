/** A task of a specification. */
export interface SpecifiedTask {
  readonly name: string;
  readonly id: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
}

/**
 * How many bytes lists of tasks take as JSON without indentation; with a comma behind each entry, so at most one byte too many for each list.
 * Found without the text, which may be longer than any string can be.
 */
export function exportedBytes(specified: readonly SpecifiedTask[], executed: readonly object[]): number {
  const ofSpecified = specified.reduce((bytes, task) => {
    const unlinked = textBytes({ ...task, parents: [], children: [] });
    return bytes + unlinked + idsBytes(task.parents) + idsBytes(task.children) + 1;
  }, 0);
  return executed.reduce((bytes: number, task) => bytes + textBytes(task) + 1, ofSpecified);
}

const textBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/** Ids are ASCII, each of them between quotes. */
const idsBytes = (ids: readonly string[]): number => ids.reduce((bytes, { length }) => bytes + length + 3, 0);
