import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { createIndexRef, createRef, type RefOwner, refState, refText } from "./ref-proxy.js";

const owner: RefOwner = { label: (node) => `task-${node}` };
// biome-ignore lint/suspicious/noExplicitAny: these tests misuse refs in ways that the types refuse
const ref = createRef(owner, 7) as any;

function thrownBy(use: () => unknown): DataFlowerError {
  try {
    use();
  } catch (error) {
    if (error instanceof DataFlowerError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a ref", () => {
  test("gives a ref of a property, and of a property of that", () => {
    expect(refState(ref.pages[0].url)).toMatchObject({ owner, node: 7, path: ["pages", "0", "url"], isIndex: false });
  });

  test("does not change when a property of it is read", () => {
    void ref.width;
    expect(refState(ref)?.path).toEqual([]);
  });

  test("has a state; functions, objects and texts have none", () => {
    for (const value of [() => 1, {}, "ref", null, undefined, 1, new Proxy({}, {})]) expect(refState(value)).toBeUndefined();
  });

  test("is named in messages by its task and path", () => {
    expect(refText(refState(ref.pages[3].url)!)).toBe("task-7.pages[3].url");
    expect(refText(refState(createIndexRef(owner, 2))!)).toBe("index of task-2");
  });

  test("can be shown by console.log, alone and inside of objects", () => {
    expect(inspect(ref.width)).toBe("[Ref task-7.width]");
    expect(inspect({ a: [ref] })).toBe("{ a: [ [Ref task-7] ] }");
    expect(() => inspect(ref, { showProxy: true, showHidden: true })).not.toThrow();
  });

  test("may be put into arrays, sets, maps and compared with itself", () => {
    expect([].concat(ref)).toHaveLength(1);
    expect(new Set([ref, ref]).size).toBe(1);
    expect(Object.is(ref, ref)).toBe(true);
  });
});

const uses: Record<string, () => unknown> = {
  "template literal": () => `${ref}`,
  "text concatenation": () => ref + ref,
  arithmetic: () => ref * 2,
  comparison: () => ref > 1,
  "String()": () => String(ref),
  "toString()": () => ref.toString(),
  "valueOf()": () => ref.valueOf(),
  "JSON.stringify": () => JSON.stringify({ ref }),
  "spread of fields": () => ({ ...ref }),
  "spread of items": () => [...ref],
  "for of": () => {
    for (const item of ref) return item;
  },
  "Object.keys": () => Object.keys(ref),
  "Object.hasOwn": () => Object.hasOwn(ref, "a"),
  in: () => "a" in ref,
  call: () => ref(),
  new: () => new ref(),
  "method of a text": () => ref.url.toUpperCase(),
  set: () => {
    ref.a = 1;
  },
  delete: () => delete ref.a,
  "Object.defineProperty": () => Object.defineProperty(ref, "a", { value: 1 }),
  "Object.freeze": () => Object.freeze(ref),
  "Object.setPrototypeOf": () => Object.setPrototypeOf(ref, null),
  constructor: () => ref.constructor,
  "prototype of its own": () => ref.prototype,
  "the key __proto__": () => Reflect.get(ref, "__proto__"),
  "field of a position": () => (createIndexRef(owner, 0) as unknown as Record<string, unknown>).length,
};

describe("a ref used as a value throws DF_REF_USED_AS_VALUE", () => {
  test.each(Object.entries(uses))("%s", (_, use) => {
    expect(thrownBy(use).code).toBe("DF_REF_USED_AS_VALUE");
  });

  test("await rejects instead of waiting for ever", async () => {
    await expect(async () => await ref.url).rejects.toMatchObject({
      code: "DF_REF_USED_AS_VALUE",
      message: expect.stringContaining("await"),
    });
  });

  test("for await rejects", async () => {
    const use = async () => {
      for await (const item of ref) return item;
    };
    await expect(use()).rejects.toMatchObject({ code: "DF_REF_USED_AS_VALUE" });
  });

  test("the message says what was done, with which ref, and what to do", () => {
    expect(thrownBy(() => `${ref.url}`).message).toBe(
      "Cannot convert a ref to text or a number as its value exists only while the run executes; pass the ref to a task and use the value there: found ref task-7.url",
    );
    expect(thrownBy(() => ref.pages.map(String)).message).toContain("flow.map(list, item => ...)");
    expect(thrownBy(() => ref.pages.reduce(String)).message).toContain("flow.reduce(list, handler)");
    expect(thrownBy(() => ({ ...ref })).message).toContain("{ a: ref.a, b: ref.b }");
  });
});
