import { type ActorContext, type ActorRef, createTestKit, defineActor, explore } from "dataflower/actors";
import { describe, expect, test } from "vitest";

type LockMessage =
  | { readonly kind: "acquire"; readonly replyTo: ActorRef<"granted"> }
  | { readonly kind: "release" }
  | { readonly kind: "holders"; readonly replyTo: ActorRef<number> };

/** Gives a lock to one after the other; the broken one forgets that somebody has it when somebody else comes. */
const lockOf = (isBroken: boolean) =>
  defineActor((_: ActorContext<LockMessage>) => {
    const waiting: ActorRef<"granted">[] = [];
    let holders = 0;
    const grant = () => {
      if (holders > 0 && !isBroken) return;
      const next = waiting.shift();
      if (next === undefined) return;
      holders += 1;
      next.tell("granted");
    };
    return (message) => {
      if (message.kind === "holders") message.replyTo.tell(holders);
      else if (message.kind === "acquire") waiting.push(message.replyTo);
      else holders -= 1;
      grant();
    };
  });

describe("createTestKit()", () => {
  test("has promises of asks and sends settle by turns and time that the test gives", async () => {
    const kit = createTestKit();
    const silent = kit.spawn(
      defineActor((_: ActorContext<{ readonly replyTo: ActorRef<string> }>) => () => {}),
      undefined,
      { mailbox: { depthMax: 1 } },
    );
    let outcome: unknown = "none yet";
    silent.ask({}, { timeout: 100 }).then(
      () => {},
      (error: unknown) => {
        outcome = (error as { code: unknown }).code;
      },
    );
    const sent = silent.send({ replyTo: kit.probe<string>().ref });
    kit.run();
    await sent;
    kit.advance(96);
    await Promise.resolve();
    expect([outcome, kit.nowMs()]).toEqual(["none yet", 96]);
    kit.advance(8);
    await new Promise((resolve) => setImmediate(resolve));
    expect(outcome).toBe("DF_ASK_TIMEOUT");
  });

  test("shows failures, dead letters, ends and names", () => {
    const kit = createTestKit();
    const fragile = kit.spawn(
      defineActor((_: ActorContext<number>) => () => {
        throw new RangeError("broken");
      }),
      undefined,
      { name: "fragile" },
    );
    const probe = kit.probe<number>("probe");
    probe.watch(fragile);
    expect([kit.lookup("fragile"), kit.lookup("probe"), kit.lookup("nobody")]).toEqual([fragile, probe.ref, undefined]);
    fragile.tell(1);
    fragile.tell(2);
    expect(kit.isIdle).toBe(false);
    expect(kit.step()).toBe(true);
    expect(kit.failures).toMatchObject([{ actor: "fragile", error: { message: "broken" } }]);
    expect(kit.deadLetters).toMatchObject([{ to: "fragile", message: 2, reason: "stopped" }]);
    expect(probe.terminated).toMatchObject([{ actor: "fragile", reason: "failed" }]);
    kit.close();
    expect(probe.ref.tell(3)).toBe(false);
  });
});

describe("explore()", () => {
  const exploreLock = (isBroken: boolean) =>
    explore((kit) => {
      const lock = kit.spawn(lockOf(isBroken));
      let most = 0;
      let holding = 0;
      const user = defineActor((context: ActorContext<"granted" | "leave">) => {
        lock.tell({ kind: "acquire", replyTo: context.self });
        return (message) => {
          holding += message === "granted" ? 1 : -1;
          most = Math.max(most, holding);
          if (message === "granted") context.self.tell("leave");
          else lock.tell({ kind: "release" });
        };
      });
      kit.spawn(user);
      kit.spawn(user);
      return () => expect(most).toBe(1);
    });

  test("walks every interleaving of a lock that keeps its promise", () => {
    const { isComplete, interleavings } = exploreLock(false);
    expect(isComplete).toBe(true);
    expect(interleavings).toBeGreaterThan(1);
  });

  test("finds the one in which a broken lock has two holders", () => {
    expect(exploreLock(true).failure?.error).toMatchObject({ message: expect.stringContaining("expected 2 to be 1") });
  });
});
