import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/**
 * The public types under the oldest and the newest compiler that users may have. The programs import the package by its name, so
 * what is checked are the declarations in dist, as a user sees them.
 */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const compilers = [
  { version: "7", tsc: here("../../../node_modules/typescript/bin/tsc") },
  { version: "5.4", tsc: here("../../../node_modules/typescript-5.4/lib/tsc.js") },
];

interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A numbered piece of a file of wrong programs: from the comment that names it to the next one. */
interface Program {
  readonly file: string;
  readonly name: string;
  readonly isWrong: boolean;
  readonly firstLine: number;
}

const wrongPrograms: readonly Program[] = ["wrong.ts", "wrong-actors.ts"].flatMap((file) =>
  readFileSync(here(`programs/${file}`), "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const [, name, letter] = /^\/\/ (([NH])\d\d .*)$/.exec(line) ?? [];
      return name === undefined ? [] : [{ file, name, isWrong: letter === "N", firstLine: index + 1 }];
    }),
);

const programAt = ({ file, line }: Complaint): Program | undefined =>
  wrongPrograms.findLast((program) => program.file === file && program.firstLine <= line);

const isExpected = (complaint: Complaint): boolean => programAt(complaint)?.isWrong === true;

function complaintsOf(tsc: string): Promise<Complaint[]> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, "-p", here("programs/tsconfig.json"), "--pretty", "false"],
      { maxBuffer: 1 << 24 },
      (_, stdout, stderr) => {
        const found = [...stdout.matchAll(/^(.+)\((\d+),\d+\): (error .*)$/gm)];
        const complaints = found.map(([, path = "", line, text = ""]) => ({ file: basename(path), line: Number(line), text }));
        // What has no place, such as a broken configuration, is no complaint about a program.
        const rest = [...(stdout + stderr).matchAll(/^error .*$/gm)].map(([text]) => ({ file: "", line: 0, text }));
        resolve([...complaints, ...rest]);
      },
    );
  });
}

describe.each(compilers)("the public types under TypeScript $version", ({ tsc }) => {
  const complaints = complaintsOf(tsc);

  test("every numbered wrong program is refused", async () => {
    const refused = new Set((await complaints).map(programAt));
    const wrong = wrongPrograms.filter((program) => program.isWrong);
    expect(wrong.length).toBeGreaterThanOrEqual(80);
    expect(wrong.filter((program) => !refused.has(program))).toEqual([]);
  });

  test("nothing else is refused", async () => {
    expect((await complaints).filter((complaint) => !isExpected(complaint))).toEqual([]);
  });
});
