/** Values of the whole domain and near misses, for property tests. */

import fc from "fast-check";

const wellFormedText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc.string({ unit: "binary" }).map((text) => `\uFEFF${text}`),
  fc.string({ unit: "grapheme", minLength: 60, maxLength: 90 }).map((text) => `\uFEFF${text}`),
);

const fieldKey = fc.oneof(
  { weight: 6, arbitrary: wellFormedText },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "0", "-1", "4294967295", "constructor", "hasOwnProperty", "toJSON", "toString", "length", "__proto_"),
  },
);
const key = fieldKey.filter((text) => text !== "__proto__");

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    -32,
    -33,
    -129,
    -32_769,
    -(2 ** 31) - 1,
    2 ** 53,
  ),
);
const bigint = fc.oneof(
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n),
);

const bytes = fc.uint8Array({ maxLength: 100 });
const binary = fc.oneof(
  bytes,
  fc.uint8Array({ minLength: 250, maxLength: 300 }),
  bytes.map((view) => Buffer.from(view)),
  bytes.map((view) => view.buffer as ArrayBuffer),
  bytes.map((view) => new Uint8Array(view.buffer, Math.min(3, view.length))), // a window on a larger buffer
  fc.uint8ClampedArray(),
  fc.int8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);

const date = fc.date({ noInvalidDate: true });
const unicodeSets = "v"; // a flag that literals cannot have before ES2024
const regExp = fc.constantFrom(
  /a/,
  /[a-z]+\/x/giu,
  /(?<year>\d{4})/dsy,
  /(?:)/m,
  new RegExp("\\p{L}", unicodeSets),
  new RegExp(`\uFEFF${"x".repeat(80)}`),
  new RegExp(String.fromCharCode(10)),
);

class PaymentError extends Error {
  readonly code = "E_PAYMENT";
}
const errorClasses = [Error, TypeError, RangeError, SyntaxError, URIError, EvalError, ReferenceError, PaymentError] as const;

function makeError(
  ErrorClass: (typeof errorClasses)[number],
  message: string,
  fields: Record<string, unknown>,
  cause: { value: unknown } | null,
  name: string | null,
): Error {
  const error = cause === null ? new ErrorClass(message) : new ErrorClass(message, { cause: cause.value });
  for (const [field, value] of Object.entries(fields)) {
    Object.defineProperty(error, `x${field}`, { value, enumerable: true, configurable: true, writable: true });
  }
  return name === null ? error : Object.assign(error, { name });
}

const leaf = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(null, undefined, true, false, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: wellFormedText },
  { weight: 1, arbitrary: bigint },
  { weight: 1, arbitrary: date },
  { weight: 1, arbitrary: regExp },
  { weight: 2, arbitrary: binary },
);

/** Any value that is data. */
export const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.double(), { maxLength: 20 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: false }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => new Set(items)),
    tie("value").map((value) => ({ once: value, again: value, [Symbol("unseen")]: 1 })),
    fc
      .tuple(
        fc.constantFrom(...errorClasses),
        wellFormedText,
        fc.dictionary(key, tie("value"), { maxKeys: 2 }),
        fc.option(fc.record({ value: tie("value") })),
        fc.option(wellFormedText),
      )
      .map((parts) => makeError(...parts)),
    fc.tuple(fc.array(tie("value"), { maxLength: 3 }), wellFormedText).map(([errors, message]) => new AggregateError(errors, message)),
  ),
})).value;

/** A value that is not data, and the path at which it stops being data. */
export interface NearMiss {
  readonly value: unknown;
  readonly path: string;
}

const loneSurrogate = String.fromCharCode(0xd800);

class Point {
  readonly x = 1;
}
class OwnMap extends Map {}
class OwnList extends Array {}
class OwnDate extends Date {}
class OwnBytes extends Uint8Array {}

function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

/** A list that holds a list and so on: so many lists. */
export function nestedLists(count: number): unknown[] {
  let outermost: unknown[] = [];
  for (let n = 1; n < count; n++) outermost = [outermost];
  return outermost;
}

function cyclic(): object {
  const ring: { next?: unknown } = {};
  ring.next = [ring];
  return ring;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const withGetter = (): object =>
  Object.defineProperty({}, "torn", {
    enumerable: true,
    get() {
      throw new Error("torn");
    },
  });

/** Each makes a fresh value that is not data, with the rest of the path to the part at fault. */
export const misfits: Readonly<Record<string, () => readonly [unknown, string]>> = {
  function: () => [() => 1, ""],
  "async function": () => [async () => 1, ""],
  class: () => [Point, ""],
  symbol: () => [Symbol("s"), ""],
  "well-known symbol": () => [Symbol.iterator, ""],
  promise: () => [Promise.resolve(1), ""],
  "object with a method": () => [{ run() {} }, ".run"],
  WeakMap: () => [new WeakMap(), ""],
  WeakSet: () => [new WeakSet(), ""],
  WeakRef: () => [new WeakRef({}), ""],
  "class instance": () => [new Point(), ""],
  URL: () => [new URL("https://example.org"), ""],
  "boxed number": () => [Object(1), ""],
  "boxed string": () => [Object("s"), ""],
  "boxed boolean": () => [Object(true), ""],
  "boxed BigInt": () => [Object(1n), ""],
  "Map subclass": () => [new OwnMap(), ""],
  "Array subclass": () => [new OwnList(), ""],
  "Date subclass": () => [new OwnDate(), ""],
  "typed array subclass": () => [new OwnBytes(2), ""],
  "invalid date": () => [new Date(Number.NaN), ""],
  hole: () => [new Array(2), "[0]"],
  "hole at the end": () => [Object.assign([1, undefined], { length: 3 }), "[2]"],
  "huge hole": () => [Object.assign([1], { length: 2 ** 32 - 1 }), "[1]"],
  "lone surrogate": () => ["x\ud800y", ""],
  "lone surrogate in a pattern": () => [new RegExp(loneSurrogate), ""],
  "lone surrogate in a key": () => [{ "\udc00": 1 }, '["\\udc00"]'],
  "lone surrogate in a message": () => [new Error("\ud800"), ""],
  "__proto__ as a key": () => [JSON.parse('{"a":1,"__proto__":{"polluted":1}}'), ".__proto__"],
  SharedArrayBuffer: () => [new SharedArrayBuffer(8), ""],
  "view of shared memory": () => [new Uint8Array(new SharedArrayBuffer(8)), ""],
  "Buffer of shared memory": () => [Buffer.from(new SharedArrayBuffer(8)), ""],
  DataView: () => [new DataView(new ArrayBuffer(8)), ""],
  "transferred buffer": () => [transferred(), ""],
  "view of a transferred buffer": () => {
    const view = new Uint8Array(8);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return [view, ""];
  },
  "Map with a field": () => [Object.assign(new Map(), { extra: 1 }), ""],
  "Set with a field": () => [Object.assign(new Set(), { extra: 1 }), ""],
  "Date with a field": () => [Object.assign(new Date(0), { extra: 1 }), ""],
  "RegExp with a field": () => [Object.assign(/x/, { extra: 1 }), ""],
  "ArrayBuffer with a field": () => [Object.assign(new ArrayBuffer(1), { extra: 1 }), ""],
  "pretended Map": () => [Object.create(Map.prototype), ""],
  "pretended Set": () => [Object.create(Set.prototype), ""],
  "pretended Date": () => [Object.create(Date.prototype), ""],
  "pretended RegExp": () => [Object.create(RegExp.prototype), ""],
  "pretended ArrayBuffer": () => [Object.create(ArrayBuffer.prototype), ""],
  "pretended typed array": () => [Object.create(Uint8Array.prototype), ""],
  "pretended Buffer": () => [Object.create(Buffer.prototype), ""],
  "bytes that pretend to be floats": () => [Object.setPrototypeOf(new Uint8Array(3), Float64Array.prototype), ""],
  "list that pretends to be plain": () => [Object.setPrototypeOf([1], Object.prototype), ""],
  "plain object over a plain object": () => [Object.create({ inherited: 1 }), ""],
  generator: () => [(function* () {})(), ""],
  iterator: () => [[1].values(), ""],
  "revoked proxy": () => [revoked(), ""],
  "throwing getter": () => [withGetter(), ".torn"],
  "error with a function": () => [Object.assign(new Error("e"), { retry() {} }), ".retry"],
  "error with a strange message": () => [Object.defineProperty(new Error(), "message", { value: {} }), ""],
  "error caused by a function": () => [new Error("e", { cause: () => 1 }), ".cause"],
  "collected function": () => [new AggregateError([1, () => 1]), ".errors[1]"],
  cycle: () => [cyclic(), ".next[0]"],
  "cycle through a Map": () => {
    const map = new Map<string, unknown>();
    return [map.set("self", map), ".values()[0]"];
  },
  "cycle through a cause": () => {
    const error = new Error("e");
    return [Object.assign(error, { cause: error }), ".cause"];
  },
};

type Wrap = (inner: NearMiss, good: unknown) => NearMiss;
const wraps: readonly Wrap[] = [
  ({ value, path }, good) => ({ value: [good, value, Symbol("later")], path: `[1]${path}` }),
  ({ value, path }, good) => ({ value: { good, bad: value, later: () => 1 }, path: `.bad${path}` }),
  ({ value, path }, good) => ({ value: { good, "not a name": value }, path: `["not a name"]${path}` }),
  ({ value, path }, good) => ({ value: Object.assign(Object.create(null), { good, bad: value }), path: `.bad${path}` }),
  ({ value, path }, good) => ({ value: new Map([[good, value]]), path: `.values()[0]${path}` }),
  ({ value, path }, good) => ({
    value: new Map([
      ["first", 1 as unknown],
      [value, good],
    ] as [unknown, unknown][]),
    path: `.keys()[1]${path}`,
  }),
  ({ value, path }) => ({ value: new Set(["first", value]), path: `.values()[1]${path}` }),
  ({ value, path }, good) => ({ value: Object.assign(new TypeError("t"), { good, details: value }), path: `.details${path}` }),
  ({ value, path }, good) => ({ value: Object.assign(new Error("e", { cause: value }), { good }), path: `.cause${path}` }),
];

/** Values that are data but for one part, somewhere inside. */
export const nearMisses: fc.Arbitrary<NearMiss> = fc
  .tuple(fc.constantFrom(...Object.keys(misfits)), fc.array(fc.tuple(fc.nat(wraps.length - 1), values), { maxLength: 4 }))
  .map(([misfit, layers]) => {
    const [value, path] = misfits[misfit]!();
    const wrapped = layers.reduce<NearMiss>((inner, [n, good]) => wraps[n]!(inner, good), { value, path });
    return { value: wrapped.value, path: `$${wrapped.path}` };
  });
