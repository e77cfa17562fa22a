import { describe, expect, test } from "vitest";
import { Ref } from "../../actors/local/ref.js";
import { type Address, type Addresses, decodeMessage, encodeMessage } from "./message-codec.js";
import { decodeValue, encodeValue } from "./value-codec.js";

class OwnRef extends Ref<never> {}
const { addRefClass } = await import("../../actors/local/ref.js");
addRefClass(OwnRef.prototype);

function setUp() {
  const byId = new Map<number, Ref<never>>();
  const addresses: Addresses = {
    addressOf: (ref) => ({ thread: 1, incarnation: 2, id: Number(ref.name), name: ref.name }),
    refOf({ id }: Address) {
      const ref = byId.get(id);
      if (ref === undefined) throw new Error("no such actor");
      return ref;
    },
  };
  const refOf = (id: number) => {
    const ref = new OwnRef({ name: String(id) } as ConstructorParameters<typeof Ref>[0]);
    byId.set(id, ref);
    return ref;
  };
  return { addresses, refOf };
}

describe("messages", () => {
  test("carry refs wherever a value may be", () => {
    const { addresses, refOf } = setUp();
    const [a, b] = [refOf(7), refOf(-3)];
    const message = { a, list: [b, "text"], map: new Map<unknown, unknown>([["k", a]]), error: Object.assign(new Error("e"), { ref: b }) };
    const got = decodeMessage(encodeMessage(message, addresses), addresses) as typeof message;
    expect(got.a).toBe(a);
    expect(got.list[0]).toBe(b);
    expect(got.map.get("k")).toBe(a);
    expect(got.error.ref).toBe(b);
  });

  test("are otherwise what values are", () => {
    const { addresses } = setUp();
    const message = { n: 1, when: new Date(5), bytes: new Uint8Array([1, 2]) };
    expect(decodeMessage(encodeMessage(message, addresses), addresses)).toEqual(message);
    expect(() => encodeMessage({ act() {} }, addresses)).toThrow(expect.objectContaining({ code: "DF_UNSERIALIZABLE" }));
    expect(() => decodeMessage(new Uint8Array([0xc1]), addresses)).toThrow(expect.objectContaining({ code: "DF_FRAME_CORRUPT" }));
  });

  test("are the only values that carry refs", () => {
    const { addresses, refOf } = setUp();
    const ref = refOf(7);
    expect(() => encodeValue({ ref })).toThrow(expect.objectContaining({ code: "DF_UNSERIALIZABLE" }));
    expect(() => decodeValue(encodeMessage({ ref }, addresses))).toThrow(expect.objectContaining({ code: "DF_FRAME_CORRUPT" }));
  });
});
