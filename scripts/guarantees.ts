/** Which tests the README's table of guarantees names as the reasons to believe it. */

export interface NamedTest {
  /** From the root of the package. */
  readonly file: string;
  /** Part of the test's full name. */
  readonly title: string;
}

const table = /<!-- guarantees:begin -->\n([\s\S]*?)\n<!-- guarantees:end -->/;
/** A file, and one title or more of its tests. */
const named = /`([\w./-]+\.test\.ts)` ("[^"]+"(?:, "[^"]+")*)/g;

/** @throws when there is no such table, or when one of its rows names no test */
export function namedTests(readme: string): NamedTest[] {
  const text = table.exec(readme)?.[1];
  if (text === undefined) throw new Error("Cannot find the guarantees as the README must hold them between guarantees:begin and :end");
  const [, , ...rows] = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.flatMap((row) => {
    const tests = [...row.matchAll(named)].flatMap(([, file, titles]) => {
      const parts = [...(titles as string).matchAll(/"([^"]+)"/g)]; // what the pattern has matched has both of its groups
      return parts.map(([, title]) => ({ file, title }) as NamedTest);
    });
    if (tests.length === 0) throw new Error(`Cannot believe a guarantee as each must name a test: found ${row}`);
    return tests;
  });
}
