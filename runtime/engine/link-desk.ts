import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Doorbells } from "../memory/doorbell.js";
import type { Link, Links } from "../worker/links.js";
import { linkThreads } from "./thread-ports.js";

/** Links each new thread to all others. It is the control thread's: nobody else makes channels between threads. */
export class LinkDesk {
  readonly #control: number;
  readonly #doorbells: Doorbells;
  /** The control thread's own ends. */
  readonly #links: Links;
  /** By worker: where its thread hears of new links. */
  readonly #news: MessagePort[] = [];
  readonly #incarnations: number[] = [];

  constructor(control: number, doorbells: Doorbells, links: Links) {
    this.#control = control;
    this.#doorbells = doorbells;
    this.#links = links;
  }

  /**
   * Gives all others their ends of the links to a thread that is about to start, then raises its incarnation.
   *
   * @returns where the new thread finds its own ends
   */
  join(worker: number): { readonly incarnation: number; readonly news: MessagePort } {
    const incarnation = (this.#incarnations[worker] ?? 0) + 1;
    this.#incarnations[worker] = incarnation;
    const news = new MessageChannel();
    const tell = (port: MessagePort, link: Link) => port.postMessage(link, [link.bell, link.blob]);
    const toControl = linkThreads(worker, incarnation, this.#control, 0);
    tell(news.port1, toControl.ofOne);
    this.#links.adopt(toControl.ofOther);
    this.#news.forEach((newsOfOther, other) => {
      if (other === worker) return;
      const { ofOne, ofOther } = linkThreads(worker, incarnation, other, this.#incarnations[other] as number); // it has been started
      tell(news.port1, ofOne);
      tell(newsOfOther, ofOther);
    });
    this.#news[worker]?.close();
    this.#news[worker] = news.port1;
    this.#doorbells.setIncarnation(worker, incarnation);
    return { incarnation, news: news.port2 };
  }

  close(): void {
    for (const port of this.#news) port.close();
    this.#links.close();
  }
}
