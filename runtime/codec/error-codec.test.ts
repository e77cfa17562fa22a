import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogue, DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
import { checkValue, copyValue } from "../../actors/kernel/value.js";
import { equalValues } from "../../actors/kernel/value-equal.js";
import {
  dataToError,
  type ErrorData,
  errorFieldBytesMax,
  errorFieldsMax,
  errorsMax,
  errorTextCharsMax,
  errorToData,
} from "./error-codec.js";
import { decodeValue, encodeValue } from "./value-codec.js";
import { misfits, nearMisses, nestedLists, values } from "./values.arbitrary.js";

/** Through bytes, as between threads. */
const cross = (thrown: unknown): unknown => dataToError(decodeValue(encodeValue(errorToData(thrown))) as ErrorData);

type AnyError = Error & Record<string, unknown> & { readonly notKept?: readonly string[] };
const crossError = (thrown: unknown): AnyError => {
  const back = cross(thrown);
  expect(back).toBeInstanceOf(Error);
  return back as AnyError;
};

function hostileError(key: string): Error {
  return Object.defineProperty(Object.assign(new Error("fine"), { code: "E" }), key, {
    enumerable: true,
    get() {
      throw new Error("boom");
    },
  });
}

const throwingProxy = (): unknown =>
  new Proxy(
    {},
    {
      get() {
        throw new Error("get");
      },
      getPrototypeOf() {
        throw new Error("getPrototypeOf");
      },
      ownKeys() {
        throw new Error("ownKeys");
      },
      has() {
        throw new Error("has");
      },
    },
  );

/** What another realm's error is to us: native, and of classes that only have the names of ours. */
function foreign(error: Error, name = "Error", fields: Readonly<Record<string, unknown>> = {}): Error {
  const maker = Object.defineProperty(() => {}, "name", { value: name });
  const prototype = Object.defineProperty({ name }, "constructor", { value: maker });
  return Object.assign(Object.setPrototypeOf(error, prototype) as Error, fields);
}

/** Traps that let so many touches pass and throw at all later ones. */
function tearing(traps: readonly (keyof ProxyHandler<object>)[], patience: number): ProxyHandler<Error> {
  let touches = 0;
  const trap = (name: string) => {
    const pass = Reflect[name as "get"] as (...given: unknown[]) => unknown; // all traps have a twin of the same name
    return (...given: unknown[]) => {
      if (touches++ >= patience) throw new Error(`torn at ${name}`);
      return pass(...given);
    };
  };
  return Object.fromEntries(traps.map((name) => [name, trap(name)]));
}

class OwnError extends Error {}
class OwnRangeError extends RangeError {
  override name = "Own";
}
class OwnAggregateError extends AggregateError {}

const simpleClasses = [Error, TypeError, RangeError, SyntaxError, URIError, EvalError, ReferenceError, OwnError, OwnRangeError] as const;
const messages = fc.string({ unit: "grapheme", maxLength: 40 });
const ownFields = fc.dictionary(fc.constantFrom("code", "errno", "path", "details", "retryAfterMs", "errors"), values, {
  maxKeys: 3,
  noNullPrototype: true,
});

/** Errors with fields, causes below each other, and what some collect: small enough that nothing of them is cut. */
const errorTrees: fc.Arbitrary<Error> = fc.letrec<{ error: Error; thrown: unknown }>((tie) => ({
  thrown: fc.oneof({ depthSize: "small" }, messages, fc.constant(undefined), tie("error")),
  error: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc
      .tuple(fc.constantFrom(...simpleClasses), messages, ownFields)
      .map(([Class, message, fields]) => Object.assign(new Class(message), copyValue(fields))),
    fc.tuple(fc.constantFrom(...simpleClasses), messages, tie("thrown")).map(([Class, message, cause]) => new Class(message, { cause })),
    fc
      .tuple(fc.constantFrom(AggregateError, OwnAggregateError), fc.array(tie("thrown"), { maxLength: 2 }), messages, tie("thrown"))
      .map(([Class, errors, message, cause]) => new Class(errors, message, { cause })),
  ),
})).error;

/** Whether what came back says all that the original says. */
function equalTrees(back: unknown, error: unknown): boolean {
  if (!(error instanceof Error)) return equalValues(back, error);
  if (!(back instanceof Error) || "notKept" in back) return false;
  const Builtin = [AggregateError, RangeError, TypeError, SyntaxError, URIError, EvalError, ReferenceError].find(
    (one) => error instanceof one,
  );
  const name = Object.hasOwn(error, "name") ? error.name : error.constructor.name;
  return (
    Object.getPrototypeOf(back) === (Builtin ?? Error).prototype &&
    back.name === name &&
    back.message === error.message &&
    back.stack === error.stack &&
    equalValues(fieldsOf(back), copyValue(fieldsOf(error))) &&
    "cause" in back === "cause" in error &&
    equalTrees(back.cause, error.cause) &&
    equalLists(collected(back), collected(error))
  );
}

const fieldsOf = (error: Error): Record<string, unknown> => {
  const { name: _, ...fields } = error;
  return fields;
};

const collected = (error: Error): readonly unknown[] => (error instanceof AggregateError ? error.errors : []);

const equalLists = (back: readonly unknown[], list: readonly unknown[]): boolean =>
  back.length === list.length && back.every((item, n) => equalTrees(item, list[n]));

describe("errors come back", () => {
  test.each(["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"] as const)("as a %s", (name) => {
    const error = Object.assign(new globalThis[name]("text"), { code: "E_CODE", at: { line: 3, seen: new Map([[1, new Date(2)]]) } });
    const back = crossError(error);
    expect(Object.getPrototypeOf(back)).toBe(globalThis[name].prototype);
    expect([back.name, back.message, back.stack, back.code]).toStrictEqual([name, "text", error.stack, "E_CODE"]);
    expect(back.at).toStrictEqual({ line: 3, seen: new Map([[1, new Date(2)]]) });
    expect("notKept" in back).toBe(false);
  });

  test.each(Object.keys(catalogue) as ErrorCode[])("as a DataFlowerError with code %s", (code) => {
    const cause = Object.assign(new TypeError("inner"), { code: "E_IN" });
    const error = new DataFlowerError(code, "text", { cause, task: "resize[3]", attempts: 2, runId: "cover-17" });
    const back = crossError(error) as unknown as DataFlowerError;
    expect(back).toBeInstanceOf(DataFlowerError);
    expect([back.name, back.code, back.message, back.task, back.attempts, back.runId, back.stack]).toStrictEqual([
      "DataFlowerError",
      code,
      "text",
      "resize[3]",
      2,
      "cover-17",
      error.stack,
    ]);
    expect(back.cause).toBeInstanceOf(TypeError);
    expect((back.cause as AnyError).code).toBe("E_IN");
    expect("task" in crossError(new DataFlowerError(code, "text"))).toBe(false);
    expect("cause" in crossError(new DataFlowerError(code, "text"))).toBe(false);
  });

  test("as the builtin class that they extend, with the name of their own", () => {
    class PaymentError extends Error {
      readonly code = "E_PAY";
    }
    class LimitError extends RangeError {}
    class NamedLimitError extends LimitError {
      override readonly name = "Limit";
    }
    const back = crossError(new PaymentError("p"));
    expect([Object.getPrototypeOf(back), back.name, back.code]).toStrictEqual([Error.prototype, "PaymentError", "E_PAY"]);
    for (const [error, name] of [[new LimitError("l"), "LimitError"] as const, [new NamedLimitError("n"), "Limit"] as const]) {
      const limit = crossError(error);
      expect([Object.getPrototypeOf(limit), limit.name, limit.stack]).toStrictEqual([RangeError.prototype, name, error.stack]);
      expect(crossError(limit).name).toBe(name);
    }
    class TypeErrorOfMine extends Error {}
    Object.defineProperty(TypeErrorOfMine, "name", { value: "TypeError" });
    expect(crossError(new TypeErrorOfMine("not the real one"))).not.toBeInstanceOf(TypeError);
    const abort = crossError(new DOMException("stop", "AbortError"));
    expect([abort.name, abort.message, abort.code]).toStrictEqual(["AbortError", "stop", 20]);
  });

  test("with a chain of causes, an undefined cause, and what an AggregateError collects", () => {
    const back = crossError(new Error("1", { cause: new Error("2", { cause: { three: 3 } }) }));
    expect((back.cause as Error).message).toBe("2");
    expect((back.cause as Error).cause).toStrictEqual({ three: 3 });
    expect("cause" in crossError(new Error("x", { cause: undefined }))).toBe(true);
    const all = crossError(new AggregateError([new TypeError("a"), "b"], "all")) as unknown as AggregateError;
    expect(all).toBeInstanceOf(AggregateError);
    expect(all.errors[0]).toBeInstanceOf(TypeError);
    expect(all.errors[1]).toBe("b");
  });

  test("with what a class of its own collects, however often they cross", () => {
    class Several extends AggregateError {}
    const back = crossError(crossError(new Several([new TypeError("a"), 2], "both"))) as unknown as AggregateError;
    expect(back).toBeInstanceOf(AggregateError);
    expect([back.name, back.message, back.errors[1]]).toStrictEqual(["Several", "both", 2]);
    expect(back.errors[0]).toBeInstanceOf(TypeError);
    expect(Object.keys(back)).toStrictEqual([]);
  });

  test("from another realm, whose classes are not ours", () => {
    const back = crossError(foreign(new TypeError("there", { cause: foreign(new RangeError("inner")) }), "TypeError", { code: "E_FAR" }));
    expect(back).toBeInstanceOf(TypeError);
    expect([back.name, back.message, back.code]).toStrictEqual(["TypeError", "there", "E_FAR"]);
    expect(back.stack).toContain("error-codec.test");
    expect((back.cause as Error).message).toBe("inner");
    class Far {}
    const derived = foreign(new Error("own"));
    Object.setPrototypeOf(derived, Object.setPrototypeOf(Far.prototype, Object.getPrototypeOf(derived)));
    expect(crossError(derived).name).toBe("Far");
    const all = crossError(foreign(new AggregateError([foreign(new Error("one"))], "all"), "AggregateError"));
    expect((all as unknown as AggregateError).errors).toMatchObject([{ message: "one" }]);
  });

  test("without a prototype, and frozen", () => {
    const bare = crossError(Object.setPrototypeOf(Object.assign(new Error("bare"), { code: 7 }), null));
    expect([bare.name, bare.message, bare.code]).toStrictEqual(["Error", "bare", 7]);
    const frozen = Object.freeze(
      Object.assign(new RangeError("cold", { cause: Object.freeze(new Error("ice")) }), { list: Object.freeze([1]) }),
    );
    const back = crossError(frozen);
    expect([back.message, back.list, (back.cause as Error).message]).toStrictEqual(["cold", [1], "ice"]);
    expect(Object.isFrozen(back)).toBe(false);
  });

  test("as what an AbortSignal aborts with", () => {
    const reasons = [AbortSignal.abort().reason, new DOMException("late", "TimeoutError"), AbortSignal.abort(new TypeError("mine")).reason];
    expect(reasons.map((reason) => crossError(reason).name)).toStrictEqual(["AbortError", "TimeoutError", "TypeError"]);
    expect(crossError(reasons[0]).code).toBe(DOMException.ABORT_ERR);
  });

  test("whatever tree they make: class, name, message, code, stack, fields, causes and what they collect", () => {
    fc.assert(
      fc.property(errorTrees, (error) => {
        expect(equalTrees(crossError(error), error)).toBe(true);
        expect(equalTrees(crossError(crossError(error)), error)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("twice over, the same", () => {
    const once = cross(Object.assign(new RangeError("r", { cause: new DataFlowerError("DF_CANCELLED", "c") }), { code: 1, run() {} }));
    expect(equalValues(cross(once), once)).toBe(true);
  });
});

describe("anything may be thrown", () => {
  test.each([
    ["text"],
    [null],
    [undefined],
    [0],
    [Number.NaN],
    [2n ** 70n],
    [{ code: "E", list: [1] }],
    [new Map([[1, 2]])],
    [Buffer.from("b")],
  ])("%s comes back as itself", (thrown) => {
    expect(equalValues(cross(thrown), thrown)).toBe(true);
  });

  test("what is no data comes back as an error that describes it", () => {
    const back = crossError({ code: "E", retry() {} });
    expect(back.message).toContain("Thrown was no error");
    expect(back.notKept?.[0]).toContain("$.retry");
    expect(crossError(Symbol("s")).message).toContain("Symbol(s)");
    expect(crossError(function pay() {}).message).toContain("function pay");
    expect(crossError("x".repeat(errorFieldBytesMax + 1)).message.length).toBeLessThan(2_000);
    expect(crossError(nestedLists(255)).notKept?.[0]).toContain("deeper");
  });

  test.each(["message", "stack", "name", "cause", "code", "extra"])("an error whose %s throws keeps the rest", (key) => {
    const back = crossError(hostileError(key));
    if (key !== "message") expect(back.message).toBe("fine");
    if (key !== "code") expect(back.code).toBe("E");
    if (key !== "name") expect(back.notKept?.join()).toContain("boom");
    expect(Object.keys(back)).not.toContain("extra");
  });

  test("proxies that throw at every touch", () => {
    expect(crossError(throwingProxy()).message).toContain("Thrown was no error");
    const proxied = new Proxy(new Error("inside"), {
      get(target, key) {
        if (key === "stack") throw throwingProxy();
        return Reflect.get(target, key);
      },
      ownKeys() {
        throw new Error("ownKeys");
      },
    });
    const back = crossError(proxied);
    expect(back.message).toBe("inside");
    expect(back.notKept?.join()).toContain("ownKeys");
    expect(crossError(new Error("x", { cause: throwingProxy() })).cause).toBeInstanceOf(Error);
  });

  test("parts that throw take nothing else along", () => {
    const { proxy: revoked, revoke } = Proxy.revocable([], {});
    revoke();
    const collecting = Object.assign(new AggregateError([], "both"), { code: "E" });
    Object.defineProperty(collecting, "errors", { value: revoked });
    expect(crossError(collecting)).toMatchObject({ message: "both", code: "E" });
    const torn = Object.defineProperty([new Error("first"), 0, new Error("third")], 1, {
      get() {
        throw new Error("boom");
      },
    });
    Object.defineProperty(collecting, "errors", { value: torn });
    const back = crossError(collecting) as unknown as AggregateError & AnyError;
    expect(back.errors).toMatchObject([{ message: "first" }, {}, { message: "third" }].map((item, n) => (n === 1 ? undefined : item)));
    expect(back.notKept).toStrictEqual(["errors[1]: reading it threw Error: boom"]);
  });

  test("never throws on errors that throw at some touch, and keeps the message where it can be read", () => {
    const traps = ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"] as const;
    fc.assert(
      fc.property(fc.subarray([...traps]), fc.nat(12), errorTrees, (torn, patience, error) => {
        const whole = new Proxy(error, tearing(torn, patience));
        const below = new Error("outer", { cause: whole });
        for (const thrown of [whole, below, new AggregateError([whole], "outer"), Object.assign(new Error("outer"), { whole })]) {
          const data = errorToData(thrown);
          checkValue(data);
          dataToError(data);
          if (thrown !== whole) expect(data).toMatchObject({ message: "outer" });
        }
      }),
      { numRuns: 200 },
    );
  });

  test("fields that are no data are left out and named", () => {
    const back = crossError(Object.assign(new Error("x"), { good: 1, request: { send() {} }, when: new Date(Number.NaN) }));
    expect(back.good).toBe(1);
    expect(Object.keys(back)).toStrictEqual(["good", "notKept"]);
    expect(back.notKept?.map((note) => note.split(":")[0])).toStrictEqual(["request", "when"]);
  });

  test("never throws and is always data, whatever is thrown", () => {
    const carriers = [
      (value: unknown) => value,
      (value: unknown) => Object.assign(new Error("e", { cause: value }), { field: value }),
      (value: unknown) => new AggregateError([value]),
    ];
    const boxed = fc.oneof(
      values.map((value) => ({ value })),
      nearMisses,
    );
    fc.assert(
      fc.property(boxed, fc.constantFrom(...carriers), ({ value }, carry) => {
        const data = errorToData(carry(value));
        checkValue(data);
        expect(equalValues(decodeValue(encodeValue(data)), copyValue(data))).toBe(true);
        dataToError(data);
      }),
      { numRuns: 500 },
    );
    for (const make of Object.values(misfits)) checkValue(errorToData(make()[0]));
  });
});

describe("size is bounded", () => {
  test("a message of 1 MB and a long stack are cut, with a note", () => {
    const back = crossError(new Error("m".repeat(1 << 20)));
    expect(back.message.length).toBe(errorTextCharsMax);
    expect(back.stack?.length).toBe(errorTextCharsMax);
    expect(back.notKept).toContain(`message: cut from ${1 << 20} to ${errorTextCharsMax} characters`);
  });

  test("cutting through a surrogate pair leaves text", () => {
    expect(crossError(new Error("😀".repeat(errorTextCharsMax))).message.isWellFormed()).toBe(true);
    expect(crossError(new Error(`lone ${String.fromCharCode(0xd800)}`)).message).toBe("lone \ufffd");
  });

  test("endless and circular causes end", () => {
    const circular = new Error("a");
    circular.cause = new Error("b", { cause: circular });
    const back = crossError(circular);
    expect((back.cause as AnyError).notKept?.[0]).toContain("is a cause of");
    class Endless extends Error {
      override get cause(): unknown {
        return new Endless("again");
      }
    }
    let depth = 0;
    for (let error: unknown = crossError(new Endless("first")); error instanceof Error; error = error.cause) depth++;
    expect(depth).toBe(errorsMax);
  });

  test("a tree of AggregateErrors keeps so many errors in all", () => {
    const tree = (levels: number): Error =>
      new AggregateError(levels === 0 ? [] : Array.from({ length: 20 }, () => tree(levels - 1)), `${levels}`);
    const count = (error: unknown): number =>
      1 + ((error as Partial<AggregateError>).errors ?? []).reduce((sum, inner) => sum + count(inner), 0);
    const back = crossError(tree(3));
    expect(count(back)).toBe(errorsMax);
    expect(back.notKept?.[0]).toContain("19 more");
    const itself = new AggregateError([]);
    itself.errors = new Array(100_000).fill(itself);
    expect(crossError(itself).notKept?.length).toBeLessThan(100);
  });

  test("many fields, and large ones", () => {
    const many = Object.assign(new Error("x"), Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`f${n}`, n])));
    expect(Object.keys(crossError(many)).length).toBe(errorFieldsMax + 1);
    const large = crossError(Object.assign(new Error("x"), { body: Buffer.alloc(errorFieldBytesMax), small: 1 }));
    expect([large.small, "body" in large]).toStrictEqual([1, false]);
    const half = Buffer.alloc(errorFieldBytesMax * 0.6);
    const together = crossError(Object.assign(new Error("x", { cause: Object.assign(new Error("y"), { half }) }), { half }));
    expect(["half" in together, "half" in (together.cause as Error)]).toStrictEqual([true, false]);
    expect(encodeValue(errorToData(many)).length).toBeLessThan(100_000);
  });
});
