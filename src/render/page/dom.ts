/**
 * What the page's script uses of a browser. The package is compiled without the browser's types, so that no other code
 * can reach for `window` by mistake.
 */
export interface PageDocument {
  createElement(tag: string): PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  readonly defaultView: { addEventListener(type: string, listener: () => void): void } | null;
}

/** An element, HTML or SVG. */
export interface PageElement {
  textContent: string | null;
  className: unknown;
  type: string;
  value: string;
  disabled: boolean;
  hidden: boolean;
  readonly dataset: Record<string, string | undefined>;
  readonly clientWidth: number;
  readonly clientHeight: number;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: (PageElement | string)[]): void;
  addEventListener(type: string, listener: (event: PageEvent) => void, options?: { readonly passive: boolean }): void;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  focus(options?: { readonly preventScroll: boolean }): void;
  scrollIntoView(options: { readonly block: string }): void;
  setPointerCapture(pointer: number): void;
  /** Of SVG text, in the units of the drawing. */
  getComputedTextLength?(): number;
}

/** A mouse, wheel or key event. */
interface PageEvent {
  readonly target: PageElement | null;
  readonly key: string;
  readonly clientX: number;
  readonly clientY: number;
  readonly deltaY: number;
  readonly button: number;
  readonly pointerId: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  preventDefault(): void;
}
