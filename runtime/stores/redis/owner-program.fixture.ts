/** Owns a journal in a process of its own, told what to do line by line: `commit POSITION`, `close`. Answers each with a line. */
import { createInterface } from "node:readline";
import { connectRedisWith } from "../redis-store.js";
import { commitAt, options, timing } from "./journal.fixture.js";

const [url = "", name = ""] = process.argv.slice(2);

const store = await connectRedisWith(url, options, timing);
const journal = await store.open(name);
console.log(`open ${journal.fence}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [order, position] = line.split(" ");
  try {
    if (order === "close") await store.close();
    else await journal.commit(commitAt(Number(position)));
    console.log(`done ${line}`);
  } catch (error) {
    console.log(`${(error as { code?: string }).code} ${line}`);
  }
  if (order === "close") break;
}
