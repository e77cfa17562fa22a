import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { checkValue, copyValue, valueDepthMax } from "../../actors/kernel/value.js";
import { equalValues } from "../../actors/kernel/value-equal.js";
import { decodeValue, encodeTrusted, encodeValue } from "./value-codec.js";
import { misfits, nearMisses, nestedLists, values } from "./values.arbitrary.js";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

const roundTrip = (value: unknown): unknown => decodeValue(encodeValue(value));

/** Every object that a value is made of, and the memory of its binaries. */
function partsOf(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  found.add(value);
  if (ArrayBuffer.isView(value)) return found.add(value.buffer);
  if (value instanceof Map) for (const pair of value) for (const part of pair) partsOf(part, found);
  if (value instanceof Set) for (const part of value) partsOf(part, found);
  if (value instanceof Error) for (const part of [value.cause, (value as AggregateError).errors]) partsOf(part, found);
  for (const part of Object.values(value)) partsOf(part, found);
  return found;
}

describe("copy and codec", () => {
  test("accept the same values and return equal ones", () => {
    fc.assert(
      fc.property(values, (value) => {
        checkValue(value);
        const copy = copyValue(value);
        const decoded = roundTrip(value);
        expect(equalValues(copy, decoded)).toBe(true);
        expect(equalValues(copy, decodeValue(encodeTrusted(copy)))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("return a canonical form: copying and encoding it again change nothing", () => {
    fc.assert(
      fc.property(values, (value) => {
        const copy = copyValue(value);
        expect(equalValues(copyValue(copy), copy)).toBe(true);
        expect(Buffer.compare(encodeValue(copy), encodeValue(roundTrip(value)))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test("share nothing mutable with what they were given", () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeValue(value);
        const source = partsOf(value).add(bytes.buffer);
        for (const part of partsOf(copyValue(value))) expect(source.has(part)).toBe(false);
        for (const part of partsOf(decodeValue(bytes))) expect(source.has(part)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("refuse the same values, at the same path", () => {
    fc.assert(
      fc.property(nearMisses, ({ value, path }) => {
        const refused = thrownBy(() => copyValue(value)) as DataFlowerError;
        expect(refused).toBeInstanceOf(DataFlowerError);
        expect(refused.code).toBe("DF_UNSERIALIZABLE");
        expect(refused.message.startsWith(`Cannot take ${path} as data as `), `${refused.message} should name ${path}`).toBe(true);
        expect((thrownBy(() => encodeValue(value)) as DataFlowerError).message).toBe(refused.message);
        expect((thrownBy(() => checkValue(value)) as DataFlowerError).message).toBe(refused.message);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(Object.keys(misfits))("refuse by itself: %s", (misfit) => {
    const [value, path] = misfits[misfit]!();
    const words = `Cannot take $${path} as data as `;
    for (const act of [copyValue, checkValue, encodeValue]) expect((thrownBy(() => act(value)) as Error).message).toContain(words);
  });

  test("go to the same depth", () => {
    const deepest = nestedLists(valueDepthMax);
    expect(equalValues(roundTrip(deepest), copyValue(deepest))).toBe(true);
    expect(thrownBy(() => encodeValue(nestedLists(valueDepthMax + 1)))).toMatchObject({ code: "DF_UNSERIALIZABLE" });
    let causes = new Error("0");
    for (let n = 1; n < valueDepthMax; n++) causes = new Error(`${n}`, { cause: causes });
    expect(equalValues(roundTrip(causes), copyValue(causes))).toBe(true);
  });
});

describe("what msgpackr does not keep by itself", () => {
  const cases: Readonly<Record<string, unknown>> = {
    "a Map with keys of all kinds": new Map<unknown, unknown>([
      [1, "one"],
      ["1", "text"],
      [{ k: [1] }, new Map()],
      [null, undefined],
      [[1, 2], [3]],
    ]),
    "Maps in everything": { list: [new Map([[1, new Set([new Map([["a", [new Map()]]])])]])] },
    "70,000 fields": Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`f${n}`, n])),
    "fields that msgpackr asks objects for": { constructor: "c", hasOwnProperty: 1, toJSON: 2, length: 3 },
    "a text of 1,000 after U+FEFF": `\uFEFF${"x".repeat(1_000)}`,
    "two U+FEFF": `\uFEFF\uFEFF${"x".repeat(100)}`,
    "a key with U+FEFF": { [`\uFEFF${"k".repeat(100)}`]: [1], other: new Map([["a", 1]]) },
    "a Map key with U+FEFF": new Map([[`\uFEFF${"k".repeat(100)}`, 1]]),
    "large BigInts": [2n ** 64n, -(2n ** 64n), 2n ** 5_000n, -(2n ** 5_000n), 2n ** 63n, -(2n ** 63n) - 1n],
    "dates far away": [8.64e15, -8.64e15, -1, 0, 1, 2 ** 32 * 1_000, 2 ** 34 * 1_000 + 1].map((ms) => new Date(ms)),
    "Buffers beside Uint8Arrays": [Buffer.from("b"), new Uint8Array([98]), Buffer.alloc(70_000, 1), new Uint8Array(70_000)],
    "an empty one of each": [{}, [], new Map(), new Set(), "", new ArrayBuffer(0), Buffer.alloc(0), new Float64Array(0)],
  };

  test.each(Object.keys(cases))("%s", (name) => {
    expect(equalValues(roundTrip(cases[name]), cases[name])).toBe(true);
  });

  test("an error with class, code, own fields, causes and stack", () => {
    const inner = Object.assign(new RangeError("inner"), { code: "E_IN", seen: new Map([[1, 2]]) });
    const error = Object.assign(new TypeError("outer", { cause: inner }), { code: "E_OUT" });
    const back = roundTrip({ error }) as { error: typeof error };
    expect(back.error).toBeInstanceOf(TypeError);
    expect([back.error.message, back.error.code, back.error.stack]).toStrictEqual(["outer", "E_OUT", error.stack]);
    const cause = back.error.cause as typeof inner;
    expect(cause).toBeInstanceOf(RangeError);
    expect([cause.code, cause.seen, cause.stack]).toStrictEqual(["E_IN", new Map([[1, 2]]), inner.stack]);
  });

  test("the same without msgpackr's native reader, which is an optional package", async () => {
    const built = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;
    const program = `
      import { isNativeAccelerationEnabled } from "msgpackr";
      import { decodeValue, encodeValue } from ${JSON.stringify(built("runtime/codec/value-codec.js"))};
      import { equalValues } from ${JSON.stringify(built("actors/kernel/value-equal.js"))};
      const texts = ["\\uFEFF", "\\uFEFF\\uFEFFab", "é"].flatMap((start) => [0, 20, 64, 70, 300].map((n) => start + "日".repeat(n)));
      // each alone, as one such part makes the codec look at all the others
      const values = texts.flatMap((text) => [text, { [text]: 1 }, new RegExp(text), new Map([[text, 1]]), new Error(text), new Set([text])]);
      const wrong = values.filter((value) => !equalValues(decodeValue(encodeValue(value)), value));
      console.log(JSON.stringify({ native: isNativeAccelerationEnabled, wrong: wrong.length }));`;
    const env = { ...process.env, MSGPACKR_NATIVE_ACCELERATION_DISABLED: "true" };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      env,
      cwd: fileURLToPath(new URL(".", import.meta.url)),
    });
    expect(JSON.parse(stdout)).toStrictEqual({ native: false, wrong: 0 });
  });
});

describe("bytes", () => {
  test("never hold bytes of an earlier frame", () => {
    const secret = "canary-6f1c2e9b-do-not-leak";
    const everyType: readonly (() => unknown)[] = [
      () => null,
      () => undefined,
      () => 1.5,
      () => "x".repeat(40),
      () => "é".repeat(20),
      () => 2n ** 100n,
      () => new Date(-1),
      () => /x/g,
      () => Object.assign(new Error("e"), { stack: "s" }),
      () => ({ a: 1, b: [undefined, { c: "d" }] }),
      () => new Map([[1, "one"]]),
      () => new Set([1, "two"]),
      () => new ArrayBuffer(64),
      () => Buffer.alloc(64),
      () => new Uint8Array(300),
      () => new Float64Array(40),
      () => new Uint16Array(33),
      () => new BigInt64Array(8),
      () => Array.from({ length: 50 }, (_, n) => n),
      () => `\uFEFF${"x".repeat(50)}`,
    ];
    for (let round = 0; round < 1_000; round++) {
      expect(Buffer.from(encodeValue({ secret: secret.repeat(1 + (round % 40)) })).includes(secret)).toBe(true);
      const bytes = encodeValue(everyType[round % everyType.length]!());
      expect(Buffer.from(bytes).includes("canary")).toBe(false);
      if (round % 100 === 0) encodeValue(secret.repeat(5_000)); // a large frame moves the pool
    }
  });

  test("are never overwritten by later frames", () => {
    const frames = Array.from({ length: 2_000 }, (_, n) => [encodeValue({ n, text: `frame ${n}` }), n] as const);
    for (const [bytes, n] of frames) expect(decodeValue(bytes)).toStrictEqual({ n, text: `frame ${n}` });
  });

  test("of a large frame own their memory and leave the pool small", () => {
    const large = encodeValue(new Uint8Array(1_000_000));
    expect(large.byteOffset).toBe(0);
    expect(large.buffer.byteLength).toBe(large.length);
    expect(encodeValue(1).buffer.byteLength).toBeLessThan(10_000);
  });

  test("may be reused once they are decoded", () => {
    const value = { buffer: Buffer.from("keep"), bytes: new Uint8Array([1, 2]), floats: new Float64Array([1.5]), raw: new ArrayBuffer(2) };
    const scratch = Buffer.from(encodeValue(value));
    const decoded = decodeValue(scratch);
    scratch.fill(0xff);
    for (let n = 0; n < 10_000; n++) encodeValue({ n });
    expect(equalValues(decoded, value)).toBe(true);
  });

  test("may lie in any Uint8Array, in shared memory too", () => {
    const value = { buffer: Buffer.from("b"), bytes: new Uint8Array([1]), text: "x".repeat(200), map: new Map([[1, 2]]) };
    const bytes = encodeValue(value);
    const plain = new Uint8Array(bytes.length + 200).subarray(150, 150 + bytes.length);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 200)).subarray(150, 150 + bytes.length);
    const sharedBuffer = Buffer.from(shared.buffer, shared.byteOffset, shared.length);
    for (const place of [plain, shared, sharedBuffer]) {
      place.set(bytes);
      expect(equalValues(decodeValue(place), value)).toBe(true);
    }
    // msgpackr leaves a `dataView` on every Buffer that it reads: it must never have read this one in place.
    expect(Object.hasOwn(sharedBuffer, "dataView")).toBe(false);
  });
});

describe("damaged bytes", () => {
  const raw = new Packr({ useRecords: false, moreTypes: true, variableMapSize: true });
  const nativeError = (name: string) => [0xd4, 0x65, 0, ...raw.pack([name, "m", undefined])];
  const wire = (...content: unknown[]) => [0xd4, 0xe0, 0, ...raw.pack(content)];
  const hostile: Readonly<Record<string, readonly number[]>> = {
    empty: [],
    "truncated number": [0xcb, 1, 2],
    "truncated text": [0xd9, 40, 97],
    "truncated short text": [0xa5, 97],
    "truncated bytes": [0xc4, 9, 1],
    "truncated list": [0x93, 1, 2],
    "truncated object": [0x82, 0xa1, 97, 1],
    "one byte too many": [1, 1],
    "two values": [...raw.pack({ a: 1 }), ...raw.pack({ a: 1 })],
    "the unused token": [0xc1],
    "the unused token inside": [0x91, 0xc1],
    "unknown extension": [0xc7, 1, 0x55, 0],
    "unknown short extension": [0xd4, 0x55, 0],
    "list of 4 G": [0xdd, 0xff, 0xff, 0xff, 0xff],
    "lists of 64 k in lists": Array.from({ length: 300 }, () => [0xdc, 0xff, 0xff]).flat(),
    "object of 4 G": [0xdf, 0xff, 0xff, 0xff, 0xff],
    "text of 4 G": [0xdb, 0xff, 0xff, 0xff, 0xff],
    "bytes of 4 G": [0xc6, 0xff, 0xff, 0xff, 0xff],
    "extension of 4 G": [0xc9, 0xff, 0xff, 0xff, 0xff, 0x74],
    "a million lists in each other": new Array<number>(1_000_000).fill(0x91),
    "one list too deep": [...new Array<number>(valueDepthMax).fill(0x91), 0x90],
    "invalid date": [0xd4, 0xff, 0xff],
    DataView: [0xc7, 2, 0x74, 17, 0],
    "typed array of unknown type": [0xc7, 2, 0x74, 99, 0],
    "seven bytes of floats": [0xc7, 8, 0x74, 8, 1, 2, 3, 4, 5, 6, 7],
    "pointer to itself": [0xd6, 0x69, 0, 0, 0, 1, 0x91, 0xd6, 0x70, 0, 0, 0, 1],
    "pointer to another part": [0x92, 0xd6, 0x69, 0, 0, 0, 1, 0x90, 0xd6, 0x70, 0, 0, 0, 1],
    "broken pattern": [0xd4, 0x78, 0, ...raw.pack(["(", ""])],
    "error of class constructor": nativeError("constructor"),
    "error of class valueOf": nativeError("valueOf"),
    "error of class __proto__": nativeError("__proto__"),
    "part of unknown kind": wire("constructor", []),
    "part that is no list": [0xd4, 0xe0, 0, 1],
    "Map with half an entry": wire("map", [1]),
    "Map that is no list": wire("map", 7),
    "text that is none": wire("text", 7),
    "record with a key that is no text": wire("record", [1, 2]),
    "record with __proto__": wire("record", ["__proto__", { polluted: 1 }]),
    "error without texts": wire("error", [1, 2, 3]),
    "error with __proto__": wire("error", ["Error", "Error", "m", "s", 5, [], []]),
  };

  test.each(Object.keys(hostile))("%s", (name) => {
    const thrown = thrownBy(() => decodeValue(Uint8Array.from(hostile[name]!))) as DataFlowerError;
    expect(thrown).toBeInstanceOf(DataFlowerError);
    expect(thrown.code).toBe("DF_FRAME_CORRUPT");
    expect(thrown.message).toContain(`Cannot decode ${hostile[name]!.length} bytes as they must be one value: found `);
  });

  test("a key __proto__ changes no prototype", () => {
    const decoded = decodeValue(
      Uint8Array.from([0x81, 0xa9, ...Buffer.from("__proto__"), 0x81, 0xa8, ...Buffer.from("polluted"), 1]),
    ) as object;
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect("polluted" in decoded).toBe(false);
  });

  test("the message quotes nothing of the data", () => {
    const bytes = Buffer.concat([encodeValue({ password: "canary" }), Buffer.from([1])]);
    expect((thrownBy(() => decodeValue(bytes)) as Error).message).not.toContain("canary");
  });

  test("2,000 mutations give a value or DF_FRAME_CORRUPT, and leave prototypes and later frames alone", () => {
    const before = Reflect.ownKeys(Object.prototype);
    const witness = { kéy: ["x", { v: 1, name: "é".repeat(9) }], when: new Date(7), map: new Map([["kéy", 1]]) };
    const witnessBytes = encodeValue(witness);
    const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom("set", "flip", "cut", "insert", "remove") });
    fc.assert(
      fc.property(values, fc.array(mutation, { minLength: 1, maxLength: 4 }), (value, mutations) => {
        const bytes = mutations.reduce(mutate, Buffer.from(encodeValue([value, witness])));
        const thrown = thrownBy(() => checkValue(decodeValue(bytes)));
        if (thrown !== undefined) expect((thrown as DataFlowerError).code).toBe("DF_FRAME_CORRUPT");
        expect(equalValues(decodeValue(witnessBytes), witness)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(Reflect.ownKeys(Object.prototype)).toStrictEqual(before);
  });
});

function mutate(bytes: Buffer, { at, byte, kind }: { at: number; byte: number; kind: string }): Buffer {
  const index = bytes.length === 0 ? 0 : at % bytes.length;
  const [head, tail] = [bytes.subarray(0, index), bytes.subarray(index)];
  if (kind === "cut") return head;
  if (kind === "insert") return Buffer.concat([head, Buffer.from([byte]), tail]);
  if (kind === "remove") return Buffer.concat([head, tail.subarray(1)]);
  const changed = kind === "set" ? byte : (bytes[index] ?? 0) ^ (1 << (byte % 8));
  return Buffer.concat([head, Buffer.from([changed]), tail.subarray(1)]);
}
