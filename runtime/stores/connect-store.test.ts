import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectStore } from "./connect-store.js";

const options = { durability: "disk", unavailableMsMax: 100, replicas: 0 } as const;

const codeOf = async (url: string): Promise<unknown> =>
  connectStore(url, options).then(
    () => "connected",
    (error: { code?: unknown }) => error.code,
  );

test("connectStore() finds the driver by the URL's scheme", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dataflower-lmdb-"));
  try {
    for (const url of ["memory:", `lmdb:${folder}`]) {
      const store = await connectStore(url, options);
      expect(store.shownUrl).toBe(url);
      expect((await store.open("main")).next).toBe(1);
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("connectStore() passes every form of a Redis URL on to its driver", async () => {
  // Nobody listens at port 1, which shows that it was tried.
  for (const url of ["redis://127.0.0.1:1", "rediss://127.0.0.1:1", "redis+sentinel://127.0.0.1:1/main", "redis+cluster://127.0.0.1:1"]) {
    expect([url, await codeOf(url)]).not.toEqual([url, "DF_STORE_UNSUPPORTED"]);
  }
});

test.each([
  "",
  ":",
  "memory",
  "memory:x",
  "lmdb",
  "LMDB:a",
  "/a/path",
  ".dataflower",
  "redisx:",
  "redis",
  "file:a",
  "http://127.0.0.1",
  "postgres://me:secret@host",
])("connectStore() knows no store %j, and does not show what it may hold", async (url) => {
  const error = await connectStore(url, options).catch((thrown: Error & { code?: unknown }) => thrown);
  expect(error).toMatchObject({ code: "DF_STORE_UNSUPPORTED" });
  expect((error as Error).message).not.toContain("secret");
});
