/**
 * A program that owns a folder of journals, for tests that need a process of its own. Arguments: what to do, folder, durability. It says
 * each step on a line of stdout before and after it takes it.
 *
 *   usurp    opens the journal and is gone at once
 *   hold     opens the journal and keeps it until stdin ends
 *   write    commits until it is killed
 *   fill     commits until a commit fails, then says what is still answered
 *   few      commits a few times and gives the journal back
 *   check    says what is there
 */
import { writeSync } from "node:fs";
import { connectLmdb } from "../lmdb-store.js";
import type { Durability, Journal } from "../store.js";
import { recordAt } from "./record.fixture.js";

const [what, folder, durability] = process.argv.slice(2) as [string, string, Durability];
const say = (line: string) => writeSync(1, `${line}\n`);

const store = await connectLmdb(`lmdb:${folder}`, { durability, unavailableMsMax: 1_000, replicas: 0 });
const journal = await store.open("main");
say(`opened ${journal.first} ${journal.next} ${journal.wasClosed}`);

async function commit(position: number, bytes?: number): Promise<void> {
  say(`try ${position}`);
  const id = `run-${position % 50}`;
  const entry = Buffer.from(`${position}`);
  const cutBefore = position % 40 === 0 ? position - 20 : undefined;
  await journal.commit({ position, record: recordAt(position, bytes), runs: [{ id, entry, end: entry }], cutBefore });
  say(`done ${position}`);
}

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "nothing",
    (error: { code?: string }) => error.code ?? String(error),
  );

/** Says that all records are there, or what is wrong. */
async function check(from: Journal): Promise<void> {
  let next = from.first;
  for await (const { position, record } of from.records(from.first)) {
    if (position !== next || Buffer.compare(record, recordAt(position, record.length)) !== 0) return void say(`wrong ${position}`);
    next++;
  }
  say(`there ${from.first} ${next}`);
}

switch (what) {
  case "usurp":
    process.kill(process.pid, "SIGKILL");
    break;
  case "hold":
    for await (const _ of process.stdin);
    await store.close();
    break;
  case "write":
    for (let position = journal.next; ; position++) await commit(position);
  case "few":
    for (let position = journal.next; position < journal.next + 5; position++) await commit(position);
    say("try closing");
    await store.close();
    say("done closing");
    break;
  case "fill":
    for (let position = journal.next; ; position++) {
      const failed = await codeOf(commit(position, 1 << 19));
      if (failed === "nothing") continue;
      say(`failed ${position} ${failed}`);
      say(`then ${await codeOf(journal.commit({ position, record: new Uint8Array(), runs: [] }))}`);
      say(`read ${await codeOf(journal.run("run-1"))}`);
      say(`again ${await codeOf(connectLmdb(`lmdb:${folder}`, { durability, unavailableMsMax: 1_000, replicas: 0 }))}`);
      await store.close();
      break;
    }
    break;
  case "check":
    await check(journal);
    await store.close();
    break;
}
