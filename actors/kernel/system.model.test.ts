import fc from "fast-check";
import { expect, test } from "vitest";
import type { ActorRef } from "./actor.js";
import { forever, handler, newSystem } from "./function-actor.fixture.js";
import { batchMessagesMax } from "./limits.js";
import type { ActorSystem } from "./system.js";

/** What a system should be: lists of messages, some of them closed. */
interface Model {
  readonly actors: { readonly waiting: number[]; readonly depthMax: number; readonly parent: number; isStopped: boolean }[];
  dead: number;
  runnableCalls: number;
  message: number;
}

interface Real {
  readonly system: ActorSystem;
  readonly actors: ActorRef<number>[];
  readonly handled: number[][];
  runnableCalls: number;
}

type Command = fc.Command<Model, Real>;

function command(name: string, run: (model: Model, real: Real) => void): Command {
  const checked = (model: Model, real: Real) => {
    run(model, real);
    expect(real.system.deadLetters.count).toBe(model.dead);
    expect(real.runnableCalls).toBe(model.runnableCalls);
    if (real.system.isIdle) expect(model.actors.every(({ waiting }) => waiting.length === 0)).toBe(true);
  };
  return { check: () => true, run: checked, toString: () => name };
}

function spawnCommand(depthMax: number, parentSeed: number): Command {
  return command(`spawn(${depthMax}, ${parentSeed})`, (model, real) => {
    const own = model.actors.length;
    const parent = (parentSeed % (own + 1)) - 1; // -1: none
    const options = parent < 0 ? {} : { parent: real.actors[parent] as ActorRef<number> };
    const handled: number[] = [];
    real.handled.push(handled);
    real.actors.push(
      real.system.spawn<number>(
        `${own}`,
        handler((message) => handled.push(message)),
        { mailboxDepthMax: depthMax, ...options },
      ),
    );
    model.actors.push({ waiting: [], depthMax, parent, isStopped: model.actors[parent]?.isStopped === true });
  });
}

function tellCommand(seed: number, count: number): Command {
  return command(`tell(${seed} x ${count})`, (model, real) => {
    if (model.actors.length === 0) return;
    const index = seed % model.actors.length;
    const actor = model.actors[index] as Model["actors"][number];
    for (let left = count; left > 0; left--) {
      const wasIdle = real.system.isIdle;
      const isTaken = !actor.isStopped && actor.waiting.length < actor.depthMax;
      expect(real.actors[index]?.tell(model.message)).toBe(isTaken);
      if (isTaken) actor.waiting.push(model.message);
      else model.dead += 1;
      if (isTaken && wasIdle) model.runnableCalls += 1;
      model.message += 1;
    }
  });
}

function runCommand(messagesMax: number): Command {
  return command(`run(${messagesMax})`, (model, real) => {
    const waiting = model.actors.reduce((sum, actor) => sum + actor.waiting.length, 0);
    const handled = real.system.run(messagesMax);
    expect(handled).toBeGreaterThanOrEqual(Math.min(messagesMax, waiting));
    expect(handled).toBeLessThanOrEqual(Math.min(messagesMax + batchMessagesMax - 1, waiting));
    if (handled < messagesMax) expect(real.system.isIdle).toBe(true);
    let sum = 0;
    model.actors.forEach((actor, index) => {
      const got = (real.handled[index] as number[]).splice(0);
      expect(got).toEqual(actor.waiting.splice(0, got.length));
      sum += got.length;
    });
    expect(sum).toBe(handled);
  });
}

function stopCommand(seed: number): Command {
  return command(`stop(${seed})`, (model, real) => {
    if (model.actors.length === 0) return;
    const index = seed % model.actors.length;
    real.actors[index]?.stop();
    model.actors.forEach((actor, other) => {
      if (actor.isStopped || !isWithin(model, other, index)) return;
      actor.isStopped = true;
      model.dead += actor.waiting.splice(0).length;
    });
  });
}

/** Whether an actor is another one or one of its descendants. */
function isWithin(model: Model, actor: number, ancestor: number): boolean {
  for (let at = actor; at >= 0; at = model.actors[at]?.parent as number) if (at === ancestor) return true;
  return false;
}

test("ActorSystem: is a set of lists, whatever is done to it", () => {
  const commands = fc.commands(
    [
      fc.tuple(fc.constantFrom(1, 3, 200), fc.nat(20)).map(([depthMax, parent]) => spawnCommand(depthMax, parent)),
      fc.tuple(fc.nat(20), fc.constantFrom(1, 2, 70)).map(([actor, count]) => tellCommand(actor, count)),
      fc.constantFrom(1, 5, 64, 100, forever).map(runCommand),
      fc.nat(20).map(stopCommand),
    ],
    { maxCommands: 60, size: "max" },
  );
  const setup = () => {
    const real: Real = {
      system: newSystem({ onRunnable: () => void real.runnableCalls++ }),
      actors: [],
      handled: [],
      runnableCalls: 0,
    };
    return { model: { actors: [], dead: 0, runnableCalls: 0, message: 0 }, real };
  };
  fc.assert(
    fc.property(commands, (chosen) => fc.modelRun(setup, chosen)),
    { numRuns: 150 },
  );
});
