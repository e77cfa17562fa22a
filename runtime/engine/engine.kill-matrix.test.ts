/**
 * A process dies at each step of the protocol, others go on, and everything is as if nothing had died (T24, T27). DF_FAULT_WHOLE=1 does it
 * with every action on every store, DF_FAULT_PASSES=20 at that many passes of each point besides.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FailpointName } from "../faults/failpoint-plan.js";
import { bookingsOf } from "./fixtures/bank.fixture.js";
import { eventsOf } from "./fixtures/durable-history.fixture.js";
import { type Life, Lives } from "./fixtures/durable-lives.fixture.js";
import type { DurableOrders } from "./fixtures/durable-orders.fixture.js";
import {
  type DurableStoreName,
  durableStoreNames,
  missingFor,
  type OpenStore,
  openDurableStore,
} from "./fixtures/durable-stores.fixture.js";
import { Runtimes } from "./fixtures/spawn-runtime.fixture.js";

const passesMore = Number(process.env.DF_FAULT_PASSES ?? 0);
const isWhole = passesMore > 0 || process.env.DF_FAULT_WHOLE === "1";

interface Point {
  readonly name: FailpointName;
  /** Passes to try until one finds some tasks committed and others in progress, in the short form. */
  readonly passes: readonly number[];
  /** What is planted in the first life instead, as the point is one of later lives. */
  readonly before?: string;
  /** How long tasks wait, in ms, where that decides whether the point is passed. */
  readonly sleepMs?: number;
  /** Stores at which it is never passed, with the reason. */
  readonly never?: { readonly store: DurableStoreName; readonly reason: string };
  /** Why it must not throw. */
  readonly neverThrows?: string;
}

const points: readonly Point[] = [
  { name: "run.persisted", passes: [3, 4] },
  { name: "run.acked", passes: [3, 4] },
  { name: "worker.taken", passes: [2, 3, 4, 6] },
  { name: "task.effect-done", passes: [8, 12], neverThrows: "what is thrown behind a task's effect is thrown by the task" },
  { name: "successors.queued", passes: [4, 8, 12] },
  { name: "retry.scheduled", passes: [1, 2, 1, 2] },
  { name: "ckpt.before", passes: [6, 10] },
  { name: "ckpt.written", passes: [6, 10] },
  { name: "ckpt.acked", passes: [6, 10] },
  { name: "result.encoded", passes: [1, 2, 1, 2, 1] },
  { name: "ring.claimed", passes: [1, 2, 4, 8] },
  { name: "ring.published", passes: [1, 2, 4, 8] },
  { name: "result.received", passes: [1, 2, 1, 2, 1] },
  { name: "run.final", passes: [1, 2, 1, 2, 1] },
  {
    name: "lease.renew",
    passes: [1],
    sleepMs: 1500,
    never: { store: "lmdb", reason: "an owner on the same machine is known to live by its process, not by a lease" },
  },
  { name: "recovery.mid", passes: [1, 1, 1], before: "task.effect-done=kill9@12" },
];

const actions = ["kill9", "throw", "hang"] as const;
type Action = (typeof actions)[number];

interface Round {
  readonly point: Point;
  readonly action: Action;
}

/** Of the short form: what throws and hangs on one store, and what is killed on the other. */
const shortOtherwise: Readonly<Record<DurableStoreName, readonly FailpointName[]>> = {
  lmdb: ["run.acked", "worker.taken", "ckpt.before", "result.received"],
  redis: ["run.persisted", "ckpt.before", "ckpt.written", "result.received", "lease.renew", "recovery.mid"],
};

function roundsOn(store: DurableStoreName): Round[] {
  const all = points.flatMap((point) => actions.map((action) => ({ point, action })));
  return all.filter(({ point, action }) => {
    if (point.never?.store === store || (action === "throw" && point.neverThrows !== undefined)) return false;
    if (isWhole || (store === "lmdb" && action === "kill9")) return true;
    return shortOtherwise[store].includes(point.name) && (store === "lmdb" || action === "kill9");
  });
}

const runtimes = new Runtimes();
const runs = [1, 2, 3, 4];
/** One of so many lives must have come to the end. */
const livesMax = 6;
const lifeMsMax = 30_000;
/** A process that hangs is left alone for so long before it is killed, in ms: what can go on does. */
const hangMs = 150;
const testMsMax = 120_000;

type Orders = Omit<DurableOrders, "folder">;

/** Lives with a fault planted, until every run has ended; then another one, which must see the same. */
class Trial {
  readonly lives: Lives;
  readonly #round: Round;
  readonly #orders: Orders;

  constructor(round: Round, pass: number, orders: Orders) {
    const { point, action } = round;
    const planted = `${point.name}=${action}@${pass}`;
    this.lives = new Lives(runtimes, (folder) => ({ NODE_ENV: "test", DF_FAILPOINTS: planted, DF_FAILPOINTS_DIR: proofsIn(folder) }));
    mkdirSync(proofsIn(this.lives.folder));
    this.#round = round;
    this.#orders = orders;
  }

  /** @returns whether the fault came when it could do harm: with something committed, and something in progress */
  async play(): Promise<boolean> {
    const dead = await this.#livesUntilDone();
    const observer = this.lives.begin(this.#orders);
    await observer.runtime.waitForEnd(lifeMsMax);
    expect(await observer.ended, observer.runtime.output()).toEqual({ code: 0, signal: null });
    if (!this.hasFired) return false;
    const [first] = dead;
    if (first === undefined) return this.#round.action === "throw"; // and its process has borne it
    const { committed, running, unconfirmed } = this.lives.standing(first);
    // What was running when the process hung has ended since, where its own thread does not hang.
    return committed > 0 && (this.#round.action === "hang" ? unconfirmed : running) > 0;
  }

  get hasFired(): boolean {
    return existsSync(join(proofsIn(this.lives.folder), this.#round.point.name));
  }

  /** @returns those that died */
  async #livesUntilDone(): Promise<Life[]> {
    const dead: Life[] = [];
    for (;;) {
      const { before } = this.#round.point;
      const isFirst = dead.length === 0 && before !== undefined;
      const life = this.lives.begin(this.#orders, isFirst ? { DF_FAILPOINTS: before } : {});
      const end = await this.#endOf(life);
      if (end.code === 0) return dead;
      dead.push(life);
      expect(dead.length, life.runtime.output()).toBeLessThan(livesMax);
    }
  }

  async #endOf({ runtime, ended }: Life): ReturnType<Lives["begin"]>["ended"] {
    const hadFired = this.hasFired;
    const hangs = () => this.#round.action === "hang" && !hadFired && this.hasFired;
    await runtime.waitUntil("it hangs or has ended", () => hangs() || runtime.hasEnded, lifeMsMax);
    if (hangs()) {
      await new Promise((resolve) => setTimeout(resolve, hangMs));
      await runtime.kill();
    }
    return await ended;
  }
}

const proofsIn = (folder: string): string => join(folder, "proofs");

/** Every run has given its answer, in every life that asked. */
function expectNothingLost(lives: Lives): void {
  expect(lives.violations()).toEqual([]);
  const settled = eventsOf(lives.history().events, "settled");
  expect(new Set(settled.map(({ run }) => run)).size).toBe(lives.history().runs.length);
}

describe.each(durableStoreNames)("on %s", (store) => {
  const missing = missingFor(store);
  if (missing !== undefined) {
    console.warn(`SKIPPED kills of processes on ${store}: ${missing}`);
    test.skipIf(process.env.CI !== "true")(`${store} is there`, () => expect(missing).toBe(undefined));
    return;
  }

  let open: OpenStore;
  let kept: Lives[];
  beforeEach(async () => {
    open = await openDurableStore(store);
    kept = [];
  });
  afterEach(async () => {
    await runtimes.end();
    await open.remove();
    for (const lives of kept) lives.remove();
  });
  const orders = (more: Partial<Orders> = {}): Orders => ({ ...open.orders, commit: "strict", case: "mixture", runs, sleepMs: 5, ...more });

  async function play(round: Round, pass: number): Promise<boolean> {
    const trial = new Trial(round, pass, orders(round.point.sleepMs === undefined ? {} : { sleepMs: round.point.sleepMs }));
    kept.push(trial.lives);
    const hasCounted = await trial.play();
    expectNothingLost(trial.lives);
    return hasCounted;
  }

  /** The runs of one trial have ended: the next one needs a store that knows none of them. */
  async function renewStore(): Promise<void> {
    await open.remove();
    open = await openDurableStore(store);
  }

  for (const { name, never } of points) if (never?.store === store) console.warn(`SKIPPED ${name} on ${store}: ${never.reason}`);

  for (const round of roundsOn(store)) {
    const { name, passes: few, sleepMs } = round.point;
    test(`${round.action} at ${name}: nothing is lost, and nothing that was committed happens again`, {
      timeout: testMsMax * Math.max(1, passesMore),
    }, async () => {
      let counted = 0; // on a busy machine a fault may come when nothing is under way, and a second time tells
      const hasMore = passesMore > 0 && sleepMs === undefined; // one pass of what is waited for takes long enough
      for (const pass of hasMore ? Array.from({ length: passesMore }, (_, index) => index + 1) : [...few, ...few]) {
        if (await play(round, pass)) counted += 1;
        if (counted > 0 && passesMore === 0) break;
        await renewStore();
      }
      expect(counted, "trials in which the fault came with something committed and something in progress").toBeGreaterThan(0);
    });
  }

  test("an effect whose result was not recorded is asked for twice and happens once", { timeout: testMsMax }, async () => {
    const [effectDone] = points.filter(({ name }) => name === "task.effect-done");
    const trial = new Trial({ point: effectDone as Point, action: "kill9" }, 8, orders()); // it is one of them
    kept.push(trial.lives);
    await trial.play();
    expectNothingLost(trial.lives);
    const repeated = [...bookingsOf(trial.lives.history().requests).values()].filter(({ asked }) => asked > 1);
    expect(repeated.length).toBeGreaterThan(0);
    for (const { applied, conflicting } of repeated) expect({ applied, conflicting }).toEqual({ applied: 1, conflicting: [] });
  });

  test("an attempt that must not be repeated is not, and its run ends as unknown", { timeout: testMsMax }, async () => {
    const lives = new Lives(runtimes);
    kept.push(lives);
    const once = orders({ case: "once", runs: [1, 2], sleepMs: 200 });
    const first = lives.begin(once);
    await first.runtime.killWhen("a delicate task waits", () => lives.history().lines.some(({ task }) => task === "nap-1"));
    await first.ended;
    for (let life = 0; life < 2; life++) {
      const { runtime, ended } = lives.begin(once);
      await runtime.waitForEnd(lifeMsMax);
      expect(await ended, runtime.output()).toEqual({ code: 0, signal: null });
    }
    expectNothingLost(lives);
    const { events } = lives.history();
    expect(eventsOf(events, "settled")).toContainEqual(
      expect.objectContaining({ status: "failed", value: expect.objectContaining({ code: "DF_OUTCOME_UNKNOWN", task: "nap-1" }) }),
    );
  });
});
