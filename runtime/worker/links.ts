import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Doorbells } from "../memory/doorbell.js";

/** One end of the two channels between two threads. */
export interface Link {
  /** The thread at the other end. */
  readonly thread: number;
  /** Which of the threads that have had this number. */
  readonly incarnation: number;
  /** To ring it with and to be rung by it. */
  readonly bell: MessagePort;
  /** Large payloads from and to it. */
  readonly blob: MessagePort;
}

/**
 * The ports of one thread to all others. Ports die with their threads: a thread's successor brings new ones, which the control thread
 * posts to everybody before it raises the successor's incarnation in shared memory. Whoever is about to post compares incarnations
 * and takes the new ports in first, without a turn of its event loop; so nothing is ever posted to a port that nobody will read.
 *
 * A new thread's own ends are posted to it in the same way, at once: a port whose other end has died cannot be transferred any more,
 * and the thread that is to have it may still be starting.
 */
export class Links {
  readonly #doorbells: Doorbells;
  /** Where the control thread posts new links; undefined on the control thread itself. */
  readonly #news: MessagePort | undefined;
  readonly #onRung: () => void;
  readonly #links = new Map<number, Link>();
  /** Takes in what an ended thread has posted, before its port is closed. Set once, by the composition root. */
  beforeClosing: (blob: MessagePort) => void = () => {};

  constructor(doorbells: Doorbells, news: MessagePort | undefined, onRung: () => void) {
    this.#doorbells = doorbells;
    this.#news = news;
    this.#onRung = onRung;
    this.#takeIn();
    news?.on("message", (link: Link) => this.adopt(link)); // a thread that sleeps hears of it by its event loop
  }

  bell(thread: number): MessagePort | undefined {
    return this.#to(thread)?.bell;
  }

  blob(thread: number): MessagePort | undefined {
    return this.#to(thread)?.blob;
  }

  /** Of every thread that there is a link to. */
  blobs(): MessagePort[] {
    return [...this.#links.keys()].flatMap((thread) => this.#to(thread)?.blob ?? []);
  }

  /** Replaces the link to a thread by one to its successor. */
  adopt(link: Link): void {
    const old = this.#links.get(link.thread);
    if (old !== undefined && old.incarnation >= link.incarnation) return;
    this.#links.set(link.thread, link);
    if (old !== undefined) {
      this.beforeClosing(old.blob);
      old.bell.close();
      old.blob.close();
    }
    link.bell.on("message", this.#onRung);
  }

  close(): void {
    this.#news?.close();
    for (const { bell, blob } of this.#links.values()) {
      bell.close();
      blob.close();
    }
  }

  #to(thread: number): Link | undefined {
    const link = this.#links.get(thread);
    if (link?.incarnation === this.#doorbells.incarnation(thread)) return link;
    this.#takeIn();
    return this.#links.get(thread);
  }

  #takeIn(): void {
    if (this.#news === undefined) return;
    for (let news = receiveMessageOnPort(this.#news); news !== undefined; news = receiveMessageOnPort(this.#news)) {
      this.adopt(news.message as Link); // the control thread posts nothing else
    }
  }
}
