import { camera } from './camera.js';
import { attemptDetails, nodeDetails } from './details.js';
import { element } from './element.js';
import { fitTexts } from './fit-texts.js';
import { nodeList } from './node-list.js';
import type { PageParts } from './part.js';
import { start } from './start.js';
import { walk } from './walk.js';

const PARTS: PageParts = { start, element, camera, fitTexts, walk, nodeDetails, attemptDetails, nodeList };

/** The text of the page's script. `__name` is what some bundlers wrap functions in. */
export function pageScript(): string {
  const parts = Object.entries(PARTS).map(([name, part]) => `${name}: ${String(part)}`);
  return `'use strict';(() => { const __name = (named) => named; const parts = {\n${parts.join(',\n')}\n}; parts.start(document, parts); })();`;
}
