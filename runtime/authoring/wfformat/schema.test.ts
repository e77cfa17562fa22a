/**
 * Our schemas against the published ones, which are third-party data beside the project.
 */

import { Ajv, type ValidateFunction } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { hasSharedData, warnWithoutSharedData } from "../../shared-data.fixture.js";
import { documentOf, type Json } from "./documents.fixture.js";
import { parseWfFormat } from "./parse.js";
import { listShared, readShared } from "./recordings.fixture.js";
import { schemaOf } from "./schema.js";
import { validate } from "./validate.js";
import { twoListsVersion, wfFormatVersions } from "./versions.js";

warnWithoutSharedData("comparison with the published schemas of WfFormat");

/** Formats are not checked: see schema.ts. */
const compilePublished = (schema: Json): ValidateFunction => new Ajv({ strict: false, validateFormats: false }).compile(schema);

const published = (version: string): Json => JSON.parse(readShared(`wfformat/wfcommons-schema-v${version}.json`));

/** The published schema with the leniencies that ours documents. */
function lenient(version: string): Json {
  if (version === twoListsVersion) return JSON.parse(readShared("wfformat/wfcommons-schema-main-6bd37dc.json")); // its references may hold a #
  const schema = published(version);
  const { properties } = schema.properties.workflow;
  const makespan = properties.makespan ?? properties.makespanInSeconds;
  makespan.type = ["number", "null"];
  properties.machines.minItems = 0;
  return schema;
}

/** Each is compiled once. */
const originals = new Map(wfFormatVersions.map((version) => [version, hasSharedData ? compilePublished(published(version)) : undefined]));

const acceptedBy = (document: Json): boolean => {
  try {
    validate(document, "t");
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "DF_SPEC_INVALID" });
    return false;
  }
};

/** What breaks no schema and still cannot be replayed. */
const semanticRules = [
  "must be unique",
  "must refer to exactly one task",
  "must be the tasks that have",
  "must not wait for itself",
  "must have a recorded run time",
  "the run time of",
  "must be the id of a",
];

/** Reads a document that its schema accepts: it becomes a trace, or one of the rules says why not. */
function expectNormalised(document: Json): void {
  try {
    const { tasks } = parseWfFormat(JSON.stringify(document), "t");
    for (const task of tasks)
      expect(task.parents.every((parent) => Number.isInteger(parent) && parent >= 0 && parent < tasks.length)).toBe(true);
  } catch (error) {
    if (!(error instanceof DataFlowerError)) throw error;
    expect(error).toMatchObject({ code: "DF_SPEC_INVALID", message: expect.stringMatching(new RegExp(semanticRules.join("|"))) });
  }
}

/** Every place of a document. */
function placesOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.keys(value).flatMap((key) => placesOf(value[key], [...path, key]))];
}

const replacements: readonly Json[] = [
  null,
  "",
  "x",
  "a b",
  "a.b",
  "a#b",
  "a/b",
  -1,
  0,
  0.5,
  3,
  1e300,
  true,
  [],
  [null],
  [""],
  {},
  "drop",
  "double",
  "reverse",
  "empty",
];

function mutate(document: Json, path: readonly string[], replacement: Json): void {
  const key = path.at(-1)!;
  const parent: Json = path.slice(0, -1).reduce((value, step) => value[step], document);
  const [isItem, isList] = [parent, parent[key]].map(Array.isArray);
  if (replacement === "drop" && isItem) parent.splice(Number(key), 1);
  else if (replacement === "drop") delete parent[key];
  else if (replacement === "double" && isItem) parent.push(parent[key]);
  else if (replacement === "reverse" && isList) parent[key].reverse();
  else if (replacement === "empty") parent[key] = isList ? [] : {};
  else parent[key] = structuredClone(replacement); // further changes must not reach the list
}

const written = (version: string): Json =>
  documentOf(version, [
    { id: "b", parents: ["a"], seconds: 1.5, memory: 3, inputs: { f: 1 }, outputs: { g: 2 } },
    { id: "a", seconds: 0, memory: 3, outputs: { f: 1 } },
  ]);

test.each(wfFormatVersions)("the schema of version %s is a schema", (version) => {
  expect(() => new Ajv({ strict: true, strictTypes: false }).compile(schemaOf(version))).not.toThrow();
});

describe.skipIf(!hasSharedData).each(wfFormatVersions)("the schema of version %s", (version) => {
  const isAccepted = hasSharedData ? compilePublished(lenient(version)) : () => false;
  const placesToMutate = (document: Json) =>
    placesOf(document).filter((path) => path.length > 0 && (version === twoListsVersion || !path.includes("children")));

  /** Both accept or both refuse, and what both accept can be read or breaks a rule that is none of the schema's. */
  function expectAgreement(document: Json): boolean {
    expect(acceptedBy(document)).toBe(isAccepted(document));
    if (!isAccepted(document)) return false;
    expectNormalised(document);
    return true;
  }

  test("agrees with the published one when any one place has been changed in any way", () => {
    expect(expectAgreement(written(version))).toBe(true);
    const count = { accepted: 0, refused: 0 };
    for (const path of placesToMutate(written(version))) {
      for (const replacement of replacements) {
        const document = written(version);
        mutate(document, path, replacement);
        count[expectAgreement(document) ? "accepted" : "refused"] += 1;
      }
    }
    expect(count.accepted).toBeGreaterThan(300);
    expect(count.refused).toBeGreaterThan(300);
  });

  test("agrees with the published one when several places have been changed", () => {
    const mutations = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...replacements)), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(mutations, (list) => {
        const document = written(version);
        for (const [number, replacement] of list) {
          const places = placesToMutate(document);
          if (places.length > 0) mutate(document, places[number % places.length]!, replacement);
        }
        expectAgreement(document);
      }),
      { numRuns: 300 },
    );
  });

  test("refuses what is not an object, as the published one does", () => {
    for (const value of [null, 1, "x", true, [], {}]) expect([isAccepted(value), acceptedBy(value)]).toEqual([false, false]);
  });
});

describe.skipIf(!hasSharedData)("recorded documents", () => {
  const recorded = [
    ...listShared("wfinstances", ".json").map((name) => `wfinstances/${name}`),
    ...listShared("faasflow/v1.1", ".json").map((name) => `faasflow/v1.1/${name}`),
  ];

  test.each(recorded)("%s can be read, although its own schema may refuse it for what is documented", (path) => {
    const document = JSON.parse(readShared(path));
    expect(originals.get(document.schemaVersion)?.(document)).toBe(path.startsWith("wfinstances"));
    expect(parseWfFormat(readShared(path), path).version).toBe(document.schemaVersion);
  });

  test("are 25 traces of version 1.5 and 4 of version 1.0", () => {
    expect(recorded).toHaveLength(29);
  });
});
