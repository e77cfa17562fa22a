import { afterEach, describe, expect, test } from "vitest";
import { DataFlowerError } from "./errors.js";
import { checkValue, copyCanonical, copyValue, isNewestCopyFlat, leafSize, valueDepthMax } from "./value.js";
import { equalValues } from "./value-equal.js";

function refusal(act: () => unknown): DataFlowerError {
  try {
    act();
  } catch (error) {
    if (error instanceof DataFlowerError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const shared = new Uint8Array(10);

function lists(count: number): unknown[] {
  let outermost: unknown[] = [];
  for (let n = 1; n < count; n++) outermost = [outermost];
  return outermost;
}

describe("copyValue", () => {
  test("keeps leaves and makes -0 canonical", () => {
    for (const leaf of [null, undefined, true, 0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, "", "é😀", 2n ** 80n]) {
      expect(copyValue(leaf)).toBe(leaf);
    }
    expect(copyValue(-0)).toBe(0);
    expect(copyValue({ x: -0, list: [1, -0] })).toStrictEqual({ x: 0, list: [1, 0] });
    expect(copyValue(new Map([[1, -0]])).get(1)).toBe(0);
  });

  test("copies containers and shares nothing with them", () => {
    const source = { list: [1, { deep: new Set([[1]]) }], map: new Map([[{ k: 1 }, { v: 1 }]]), when: new Date(5) };
    const copy = copyValue(source);
    expect(copy).toStrictEqual(source);
    (source.list[1] as { deep: Set<unknown> }).deep.clear();
    source.when.setTime(9);
    [...source.map.keys()][0]!.k = 2;
    expect(copy).toStrictEqual({ list: [1, { deep: new Set([[1]]) }], map: new Map([[{ k: 1 }, { v: 1 }]]), when: new Date(5) });
  });

  test("makes two of one object that stands in two places", () => {
    const shared = { n: 1 };
    const copy = copyValue([shared, shared]);
    expect(copy[0]).toStrictEqual(copy[1]);
    expect(copy[0]).not.toBe(copy[1]);
  });

  test("gives objects without a prototype a plain one", () => {
    expect(Object.getPrototypeOf(copyValue(Object.assign(Object.create(null), { a: 1 })))).toBe(Object.prototype);
  });

  test("keeps undefined fields, their order, and fields with names of Object.prototype", () => {
    const copy = copyValue({ b: undefined, a: 1, constructor: 2, hasOwnProperty: 3, toString: 4 });
    expect(Object.entries(copy)).toStrictEqual([
      ["b", undefined],
      ["a", 1],
      ["constructor", 2],
      ["hasOwnProperty", 3],
      ["toString", 4],
    ]);
  });

  test("does not see symbol keys, hidden fields and fields of arrays; reads a getter once", () => {
    let reads = 0;
    const source = Object.defineProperties(
      { [Symbol("s")]: () => 1 },
      { hidden: { value: () => 1 }, once: { enumerable: true, get: () => ({ reads: ++reads }) } },
    );
    expect(copyValue(source)).toStrictEqual({ once: { reads: 1 } });
    const match = Object.assign(["a"], { index: () => 1 });
    expect(Object.keys(copyValue(match))).toStrictEqual(["0"]);
  });

  test("keeps the class of binaries and cuts windows down to what they show", () => {
    const copy = copyValue([
      Buffer.from("hi"),
      new Uint8Array([1, 2, 3]).subarray(1),
      new BigInt64Array([-1n]),
      new ArrayBuffer(2),
    ] as const);
    expect(Buffer.isBuffer(copy[0]) && copy[0].toString()).toBe("hi");
    expect(copy[0].buffer.byteLength).toBe(2);
    expect(Buffer.isBuffer(copy[1])).toBe(false);
    expect(copy[1]).toStrictEqual(new Uint8Array([2, 3]));
    expect(copy[1].buffer.byteLength).toBe(2);
    expect(copy[2]).toStrictEqual(new BigInt64Array([-1n]));
    expect(copy[3]).toStrictEqual(new ArrayBuffer(2));
  });

  test("keeps a pattern and drops its position", () => {
    const pattern = /a+/giu;
    pattern.lastIndex = 3;
    const copy = copyValue(pattern);
    expect([copy.source, copy.flags, copy.lastIndex]).toStrictEqual(["a+", "giu", 0]);
  });

  test("is not misled by an own constructor of an array", () => {
    class Trap extends Array {}
    expect(copyValue(Object.assign([1, 2], { constructor: Trap })) instanceof Trap).toBe(false);
  });
});

test.each([
  ["a flat object", { n: 1, name: "x" }, true],
  ["an empty object", {}, true],
  ["an object that holds a list", { list: [] }, false],
  ["an object that holds a date", { at: new Date(0) }, false],
  ["a list", [1], false],
  ["a date", new Date(0), false],
  ["a text", "x", false],
  ["nothing", undefined, false],
])("the newest copy is flat, or is not: %s", (_, value, isFlat) => {
  copyValue({ other: { n: 1 } });
  copyValue(value);
  expect(isNewestCopyFlat()).toBe(isFlat);
});

describe("copyCanonical", () => {
  test("copies what copyValue returned, to the same value that shares nothing with it", () => {
    const canonical = copyValue({
      list: [1, { deep: new Set([[1]]) }, undefined],
      map: new Map([[{ k: 1 }, new Uint8Array([1, 2])]]),
      when: new Date(5),
      error: new TypeError("e", { cause: { a: 1 } }),
      empty: {},
    });
    const copy = copyCanonical(canonical);
    expect(equalValues(copy, canonical)).toBe(true);
    (canonical.list[1] as { deep: Set<unknown> }).deep.clear();
    [...canonical.map.values()][0]?.fill(9);
    canonical.when.setTime(9);
    expect((copy.list[1] as { deep: Set<unknown> }).deep.size).toBe(1);
    expect([...copy.map.values()][0]).toStrictEqual(new Uint8Array([1, 2]));
    expect(copy.when.getTime()).toBe(5);
  });

  test("counts no size: the limit of an earlier copy is over", () => {
    copyValue({}, 100);
    expect(copyCanonical(new Uint8Array(200))).toStrictEqual(new Uint8Array(200));
  });
});

describe("size", () => {
  const refusedAt = (value: unknown, sizeMax: number) => {
    const codes = [() => copyValue(value, sizeMax), () => checkValue(value, sizeMax)].map((act) => {
      try {
        act();
        return "accepted";
      } catch (error) {
        return (error as DataFlowerError).code;
      }
    });
    expect(codes[0]).toBe(codes[1]); // copy and check agree
    return codes[0] === "DF_RESULT_TOO_LARGE";
  };

  test.each([
    ["a number", 5, leafSize],
    ["a text", "abc", leafSize + 3],
    ["binary data", new Uint8Array(100), leafSize + 100],
    ["a list of numbers", [1, 2, 3], leafSize * 4],
    ["a list of others", [null, "ab"], leafSize * 3 + 2],
    ["fields, with the characters of their keys", { ab: 1, c: null }, leafSize * 3 + 3],
    ["an alias, each time it occurs", [shared, shared], leafSize + 2 * (leafSize + 10)],
  ])("counts %s", (_, value, size) => {
    expect(refusedAt(value, size)).toBe(false);
    expect(refusedAt(value, size - 1)).toBe(true);
  });

  test("ends a value whose aliases double at each of 60 levels, in no time", () => {
    let value: unknown = "leaf";
    for (let level = 0; level < 60; level++) value = [value, value];
    expect(refusedAt(value, 1_000_000)).toBe(true);
  });
});

describe("copyValue of errors", () => {
  test("keeps class, texts, fields and causes", () => {
    const error = Object.assign(new TypeError("outer", { cause: Object.assign(new RangeError("inner"), { code: "E_IN" }) }), {
      code: "E_OUT",
      at: [1],
    });
    const copy = copyValue(error);
    expect(copy).toBeInstanceOf(TypeError);
    expect([copy.name, copy.message, copy.stack, copy.code, copy.at]).toStrictEqual(["TypeError", "outer", error.stack, "E_OUT", [1]]);
    expect(copy.at).not.toBe(error.at);
    expect(Object.keys(copy)).toStrictEqual(["code", "at"]);
    const cause = copy.cause as RangeError & { code: string };
    expect(cause).toBeInstanceOf(RangeError);
    expect([cause.message, cause.code, cause.stack]).toStrictEqual(["inner", "E_IN", (error.cause as Error).stack]);
  });

  test("makes an Error with the name of other classes", () => {
    class PaymentError extends TypeError {}
    class NamedError extends Error {
      override name = "Renamed";
    }
    expect(Object.getPrototypeOf(copyValue(new PaymentError("p")))).toBe(Error.prototype);
    expect(copyValue(Object.assign(new Error("x"), { name: "Mine" })).name).toBe("Mine");
    expect(copyValue(new NamedError("x")).name).toBe("Renamed");
    class Unnamed extends Error {}
    expect(copyValue(copyValue(new Unnamed("x"))).name).toBe("Unnamed");
    class UnnamedToo extends RangeError {}
    expect(copyValue(copyValue(new UnnamedToo("x"))).name).toBe("UnnamedToo");
    expect(copyValue(Object.assign(new UnnamedToo("x"), { name: "RangeError" })).name).toBe("RangeError");
    expect(copyValue(new DOMException("stop", "AbortError")).name).toBe("AbortError");
  });

  test("keeps what an AggregateError collects, and an undefined cause", () => {
    const copy = copyValue(new AggregateError([new TypeError("a"), 2], "all"));
    expect(copy).toBeInstanceOf(AggregateError);
    expect(copy.errors[0]).toBeInstanceOf(TypeError);
    expect(copy.errors[1]).toBe(2);
    expect("cause" in copyValue(new Error("x"))).toBe(false);
    expect("cause" in copyValue(new Error("x", { cause: undefined }))).toBe(true);
  });

  test("takes errors of Node, which hide functions and symbols in themselves", () => {
    let thrown: unknown;
    try {
      new URL("not a url");
    } catch (error) {
      thrown = error;
    }
    expect(copyValue(thrown)).toMatchObject({ code: "ERR_INVALID_URL", input: "not a url" });
  });
});

describe("refusals", () => {
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    [
      "a date deep inside",
      () => ({ images: [1, 2, 3, { when: new Date("x") }] }),
      "$.images[3].when as data as a date must be valid: found Invalid Date",
    ],
    ["a function", () => ({ a: { run() {} } }), "$.a.run as data as a function is not data: found function run"],
    ["a class instance", () => [new URL("https://example.org")], "found an instance of URL"],
    [
      "a Map's key",
      () =>
        new Map<unknown, unknown>([
          ["a", 1],
          [Symbol("k"), 2],
        ]),
      "$.keys()[1] as data as a symbol is not data: found Symbol(k)",
    ],
    ["a Map's value", () => new Map([["a", () => 1]]), "$.values()[0] as data"],
    ["a key that is no name", () => ({ "a b": Symbol.iterator }), '$["a b"] as data'],
    [
      "a cycle",
      () => {
        const a: unknown[] = [];
        a.push([a]);
        return a;
      },
      "$[0][0] as data as data must not contain itself: found a cycle back to its 2nd innermost container",
    ],
    ["a hole", () => Object.assign(new Array(3), [1]), "$[1] as data as a list must have no holes"],
    [
      "a getter that throws",
      () => ({
        get torn() {
          throw new Error("boom");
        },
      }),
      "$.torn as data as its parts must be readable: found that reading it threw Error: boom",
    ],
  ];

  test.each(cases)("%s", (_, make, words) => {
    const refused = refusal(() => copyValue(make()));
    expect(refused.code).toBe("DF_UNSERIALIZABLE");
    expect(refused.message).toContain(words);
    expect(refusal(() => checkValue(make())).message).toBe(refused.message);
  });

  test("nesting is allowed to the limit and not beyond", () => {
    expect(copyValue(lists(valueDepthMax))).toStrictEqual(lists(valueDepthMax));
    expect(() => checkValue(lists(valueDepthMax))).not.toThrow();
    for (const act of [copyValue, checkValue]) {
      const { message } = refusal(() => act(lists(valueDepthMax + 1)));
      expect(message).toContain(`must not nest deeper than ${valueDepthMax} containers`);
      expect(message).toContain(`$${"[0]".repeat(valueDepthMax)} as data`);
    }
  });

  test("a value a million levels deep and a list of four billion holes are refused, not walked", () => {
    expect(refusal(() => copyValue(lists(1_000_000))).code).toBe("DF_UNSERIALIZABLE");
    expect(refusal(() => copyValue(Object.assign([1], { length: 2 ** 32 - 1 }))).code).toBe("DF_UNSERIALIZABLE");
  });

  test("what threw while it was read is the cause", () => {
    const boom = new Error("boom");
    const torn = Object.defineProperty({}, "torn", {
      enumerable: true,
      get() {
        throw boom;
      },
    });
    expect(refusal(() => copyValue(torn)).cause).toBe(boom);
  });

  test("a value that is data only when it is read again is still refused", () => {
    let reads = 0;
    const flickering = {
      get once() {
        return reads++ === 0 ? () => 1 : 1;
      },
    };
    expect(refusal(() => copyValue(flickering)).message).toContain("Cannot take $ as data");
  });
});

describe("on a polluted Object.prototype", () => {
  afterEach(() => {
    delete (Object.prototype as { planted?: unknown }).planted;
  });

  test("inherited fields are not taken for own ones", () => {
    (Object.prototype as { planted?: unknown }).planted = () => 1;
    expect(Object.keys(copyValue({ a: 1 }))).toStrictEqual(["a"]);
    expect(() => checkValue({ a: 1 })).not.toThrow();
    expect(refusal(() => checkValue({ planted: () => 1 })).message).toContain("$.planted");
  });
});

describe("equalValues", () => {
  test("compares kinds and leaves with Object.is", () => {
    expect(equalValues({ a: [1, Number.NaN], b: undefined }, { b: undefined, a: [1, Number.NaN] })).toBe(true);
    const pairs: readonly (readonly [unknown, unknown])[] = [
      [0, -0],
      [1, 1n],
      [null, undefined],
      [{}, { a: undefined }],
      [{ a: undefined }, { b: undefined }],
      [[], {}],
      [[1], [1, undefined]],
      [new Map([[1, 2]]), new Map([[1, 3]])],
      [
        new Map([
          [1, 2],
          [3, 4],
        ]),
        new Map([
          [3, 4],
          [1, 2],
        ]),
      ],
      [new Set([1]), new Map([[1, 1]])],
      [new Date(1), new Date(2)],
      [/a/g, /a/],
      [Buffer.from([1]), new Uint8Array([1])],
      [new Uint8Array([1]), new Int8Array([1])],
      [new Float64Array([0]), new Float64Array([-0])],
      [new ArrayBuffer(1), new ArrayBuffer(2)],
      [new Error("a"), "a"],
      ["a", new Error("a")],
    ];
    for (const [a, b] of pairs) expect(equalValues(a, b), `${String(a)} and ${String(b)}`).toBe(false);
  });

  test("compares all of an error that is data", () => {
    const make = (fields: object = {}, options: ErrorOptions = {}) => {
      const error = new TypeError("m", options);
      return Object.assign(Object.defineProperty(error, "stack", { value: "s" }), fields);
    };
    expect(equalValues(make({ code: 1 }), make({ code: 1 }))).toBe(true);
    expect(equalValues(make({ code: 1 }), make({ code: 2 }))).toBe(false);
    expect(equalValues(make({}, { cause: 1 }), make({}, { cause: 2 }))).toBe(false);
    expect(equalValues(make({}, { cause: undefined }), make())).toBe(false);
    expect(equalValues(make({ name: "Other" }), make())).toBe(false);
    expect(equalValues(new AggregateError([1]), new AggregateError([2]))).toBe(false);
  });
});
