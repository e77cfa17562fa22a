import { describe, expect, test } from "vitest";
import { catalogue } from "../../../actors/kernel/errors.js";
import { answers, troubleOf, withoutSecrets } from "./trouble.js";

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

describe("troubleOf()", () => {
  test("knows an answer by its first word, and takes one that it does not know for final", () => {
    for (const [word, [reaction, code]] of Object.entries(answers)) {
      expect(troubleOf(reply(`${word} because`))).toEqual({ reaction, code, text: `${word} because` });
      expect(Object.keys(catalogue)).toContain(code);
    }
    for (const message of ["ERR unknown", "oom", "OOMPH", ""]) expect(troubleOf(reply(message)).reaction).toBe("fatal");
    expect(troubleOf(reply("ERR max number of clients reached")).reaction).toBe("retry");
  });

  test.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"])("connects again after %s", (code) => {
    expect(troubleOf(Object.assign(new Error(""), { code }))).toEqual({ reaction: "reconnect", code: "DF_STORE_UNAVAILABLE", text: code });
  });

  test.each([
    ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_HAS_EXPIRED"],
    ...["ERR_TLS_CERT_ALTNAME_INVALID", "ERR_SSL_WRONG_VERSION_NUMBER", "EPROTO"],
  ])("does not trust after %s", (code) => {
    expect(troubleOf(Object.assign(new Error("no"), { code }))).toEqual({ reaction: "fatal", code: "DF_STORE_REFUSED", text: "no" });
  });

  test("takes whatever is no error for a lost connection", () => {
    expect(troubleOf(undefined)).toMatchObject({ reaction: "reconnect", code: "DF_STORE_UNAVAILABLE" });
  });
});

describe("withoutSecrets()", () => {
  test("takes out a password as it is and as URLs write it, arguments, and what steers a terminal", () => {
    expect(withoutSecrets("a p@ss b p%40ss c\u001b[2J\nd", ["p@ss", undefined])).toBe("a *** b *** c [2J d");
    expect(withoutSecrets("ERR unknown command 'x', with args beginning with: 'p1' 'p2'", [])).toBe("ERR unknown command 'x'");
    expect(withoutSecrets("x".repeat(10_000), []).length).toBe(300);
  });
});
