import type { PageNode, Payload } from '../payload.js';
import type { PageDocument, PageElement } from './dom.js';

/** Looks at the drawing from nearer or further. */
export interface Camera {
  fit(): void;
  zoom(factor: number): void;
  show(box: PageElement): void;
  /** Whether the pointer has just moved the drawing, so that its release is no click. */
  wasMoved(): boolean;
}

/** What the parts of the page share. */
export interface Page {
  readonly document: PageDocument;
  readonly data: Payload;
  /** What leads to each node, by place. */
  readonly previous: readonly (readonly number[])[];
  readonly parts: PageParts;
  /** Shows a node in the panel, and where it is drawn. */
  select(place: number): void;
}

/** A text element. */
type MakeElement = (document: PageDocument, tag: string, className: string, text: string) => PageElement;

/**
 * The functions whose text becomes the page's script. Each stands alone: it may use nothing but its parameters, because
 * what surrounds it here is not there in the page, and bundlers may rename it.
 */
export interface PageParts {
  readonly start: (document: PageDocument, parts: PageParts) => void;
  readonly element: MakeElement;
  readonly camera: (document: PageDocument, svg: PageElement) => Camera;
  readonly fitTexts: (texts: Iterable<PageElement>) => void;
  readonly walk: (page: Page, camera: Camera, svg: PageElement) => void;
  readonly nodeDetails: (page: Page, place: number) => readonly PageElement[];
  readonly attemptDetails: (page: Page, node: PageNode) => readonly PageElement[];
  readonly nodeList: (page: Page, heading: string, places: readonly number[], isMain: boolean) => PageElement;
}
