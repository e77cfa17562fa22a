import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { linkThreads } from "../engine/thread-ports.js";
import { Doorbells } from "../memory/doorbell.js";
import { type Link, Links } from "./links.js";

/** Threads 0 and 1 have a link; thread 1 is replaced by its successor. */
const threads = 3;
const ends: { close(): void }[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end.close();
});

function open() {
  const doorbells = new Doorbells(new SharedArrayBuffer(Doorbells.bytes(threads)), 0, threads);
  const news = new MessageChannel();
  const first = linkThreads(0, 1, 1, 1);
  news.port1.postMessage(first.ofOne, [first.ofOne.bell, first.ofOne.blob]);
  doorbells.setIncarnation(1, 1);
  let rung = 0;
  const links = new Links(doorbells, news.port2, () => {
    rung += 1;
  });
  ends.push(links, news.port1, first.ofOther.bell, first.ofOther.blob);
  return { doorbells, links, news: news.port1, first: first.ofOther, rung: () => rung };
}

/** A successor of thread 1, as the control thread makes it known: links first, then the incarnation. */
function replace(doorbells: Doorbells, news: MessagePort, incarnation: number): Link {
  const { ofOne, ofOther } = linkThreads(0, 1, 1, incarnation);
  news.postMessage(ofOne, [ofOne.bell, ofOne.blob]);
  doorbells.setIncarnation(1, incarnation);
  ends.push(ofOther.bell, ofOther.blob);
  return ofOther;
}

const received = (port: MessagePort) => receiveMessageOnPort(port)?.message;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("posts to the successor of a thread as soon as there is one, without a turn of the event loop", () => {
  const { doorbells, links, news, first } = open();
  links.blob(1)?.postMessage("to the first");
  expect(received(first.blob)).toBe("to the first");
  const second = replace(doorbells, news, 2);
  links.blob(1)?.postMessage("to the second");
  links.bell(1)?.postMessage("ring");
  expect([received(second.blob), received(second.bell)]).toEqual(["to the second", "ring"]);
});

test("takes in several successors at once, and posts to the newest", () => {
  const { doorbells, links, news } = open();
  const second = replace(doorbells, news, 2);
  const third = replace(doorbells, news, 3);
  links.blob(1)?.postMessage("x");
  expect([received(second.blob), received(third.blob)]).toEqual([undefined, "x"]);
});

test("is rung by a successor that it has never sent anything to", async () => {
  const { doorbells, news, rung } = open();
  const second = replace(doorbells, news, 2);
  second.bell.postMessage(0);
  for (let turns = 0; turns < 20 && rung() === 0; turns++) await turn();
  expect(rung()).toBe(1);
});

test("finds what a successor has posted by port", () => {
  const { doorbells, links, news } = open();
  const second = replace(doorbells, news, 2);
  second.blob.postMessage("large");
  expect(links.blobs().map(received)).toContain("large");
});

test("takes in what an ended thread has posted before its port is closed", () => {
  const { doorbells, links, news, first } = open();
  const seen: unknown[] = [];
  links.beforeClosing = (port) => seen.push(received(port));
  first.blob.postMessage("the last words");
  replace(doorbells, news, 2);
  links.blobs();
  expect(seen).toEqual(["the last words"]);
});

test("an older link does not replace a newer one", () => {
  const { links } = open();
  const newer = linkThreads(0, 1, 2, 5);
  const older = linkThreads(0, 1, 2, 4);
  ends.push(newer.ofOther.bell, newer.ofOther.blob, older.ofOne.bell, older.ofOne.blob);
  links.adopt(newer.ofOne);
  links.adopt(older.ofOne);
  expect([links.bell(2), links.blob(2)]).toEqual([newer.ofOne.bell, newer.ofOne.blob]);
  expect(links.bell(0)).toBeUndefined(); // there is none to itself
});
