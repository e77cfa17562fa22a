/** What scripts of pages use of a browser. The rest of the project is compiled without its names. */
export interface BrowserElement {
  textContent: string | null;
  className: string;
  value: string;
  readonly clientWidth: number;
  readonly dataset: Record<string, string | undefined>;
  readonly style: { color: string; cursor: string };
  append(...children: (BrowserElement | string)[]): void;
  replaceChildren(...children: (BrowserElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: () => void): void;
  querySelector(selector: string): BrowserElement | null;
}

interface Browser {
  readonly document: {
    readonly documentElement: BrowserElement;
    readonly fonts: { load(font: string): Promise<unknown> };
    createElement(name: string): BrowserElement;
    getElementById(id: string): BrowserElement | null;
    querySelectorAll(selector: string): Iterable<BrowserElement>;
  };
  readonly ResizeObserver: new (changed: () => void) => { observe(element: BrowserElement): void };
  addEventListener(type: string, listener: () => void): void;
}

// as: pages are opened by browsers
export const browser = globalThis as unknown as Browser;

/** A new element with text or others in it. */
export function element(name: string, className: string, ...children: (BrowserElement | string)[]): BrowserElement {
  const made = browser.document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** What jsonScript() has put into the page; undefined where it has not. */
export function jsonOf(id: string): unknown {
  const text = browser.document.getElementById(id)?.textContent;
  return text === undefined || text === null ? undefined : JSON.parse(text);
}
