import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { readRedisAddress, sendsPasswordInClear } from "./address.js";

const secret = "hunter2";

function refusalOf(url: string): string {
  try {
    return `read as ${inspect(readRedisAddress(url))}`;
  } catch (error) {
    expect((error as { code?: string }).code).toBe("DF_STORE_UNSUPPORTED");
    return inspect(error, { showHidden: true });
  }
}

describe("readRedisAddress()", () => {
  test("reads one server, with and without all that may be left out", () => {
    expect(readRedisAddress("redis://host")).toEqual({
      ...{ kind: "server", hosts: [{ host: "host", port: 6379 }], master: undefined, db: 0, user: undefined, password: undefined },
      ...{ tls: undefined, assumed: undefined, shownUrl: "redis://host" },
    });
    expect(readRedisAddress(`rediss://me:${secret}@[::1]:7000/12?assume=disk`)).toMatchObject({
      ...{ hosts: [{ host: "::1", port: 7000 }], db: 12, user: "me", password: secret, tls: { ca: undefined }, assumed: "disk" },
      shownUrl: "rediss://me:***@[::1]:7000/12",
    });
  });

  test("reads the nodes of a cluster, and sentinels with the name of their master", () => {
    expect(readRedisAddress(`redis+cluster://:${secret}@a:1,b:2,[::2]`)).toMatchObject({
      ...{ kind: "cluster", user: undefined, password: secret, shownUrl: "redis+cluster://:***@a:1,b:2,[::2]" },
      hosts: [
        { host: "a", port: 1 },
        { host: "b", port: 2 },
        { host: "::2", port: 6379 },
      ],
    });
    expect(readRedisAddress("rediss+sentinel://a,b:2/main/3")).toMatchObject({ kind: "sentinel", master: "main", db: 3, tls: {} });
    expect(readRedisAddress("redis+sentinel://a/main")).toMatchObject({ hosts: [{ host: "a", port: 26379 }], db: 0 });
  });

  test("decodes what had to be encoded", () => {
    expect(readRedisAddress("redis://a%40b:p%2F%3A%25@host")).toMatchObject({ user: "a@b", password: "p/:%" });
    expect(readRedisAddress("redis://:p:q@r@host").password).toBe("p:q@r");
  });

  test.each([
    "redis://",
    "redis:host",
    "http://host",
    "redis+other://host",
    "redis://a,b",
    "redis://host:0",
    "redis://host:65536",
    "redis://host:port",
    "redis://ho st",
    "redis://host/x",
    "redis://host/-1",
    "redis://host/0/1",
    "redis+cluster://host/1",
    "redis+cluster://a,,b",
    "redis+sentinel://host",
    "redis+sentinel:///main",
    "redis://host?assume=replicated",
    "redis://host?password=x",
    "redis://host?ca=/nowhere",
    "rediss://host?ca=/nowhere",
    "redis://%zz@host",
  ])("refuses %s", (url) => expect(refusalOf(url)).toMatch(/^DataFlowerError: Cannot use redis|^DataFlowerError: Cannot use http/));

  test.each([
    `redis://user:${secret}@host:port`,
    `redis://user:${secret}/x@host`,
    `redis://:${secret}?x@host`,
    `redis://:a${secret}#x@host`,
    `redis://:1@${secret}@ho st`,
    `redis://user:${secret}@host/nodb`,
    `redis://user:${secret}@host?ca=/nowhere`,
    `redis://user:%zz${secret}@host`,
    `redis://host?password=${secret}`,
    `redis://host?${secret}=1&${secret}`.replaceAll(secret, "x").concat(`#${secret}`),
    `nothing ${secret}@host`,
    `redis+sentinel://:${secret}@host`,
    `redis+cluster://:${secret}@host/1`,
  ])("shows no password of a URL that is wrong: case %#", (url) => expect(refusalOf(url)).not.toContain(secret));

  test("knows when a password can be listened to", () => {
    const isHeard = (url: string) => sendsPasswordInClear(readRedisAddress(url));
    expect(["redis://:p@host", "redis+cluster://:p@127.0.0.1,host", "redis://:p@128.0.0.1"].map(isHeard)).toEqual([true, true, true]);
    expect(["redis://host", "rediss://:p@host", "redis://:p@127.1.2.3", "redis://:p@[::1]", "redis://:p@localhost"].map(isHeard)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
