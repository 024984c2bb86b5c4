import { INK, STATE_STYLES, STATES } from '../state-style.js';
import { GRAPH_STYLE } from './style-graph.js';
import { LAYOUT_STYLE } from './style-layout.js';
import { PRINT_STYLE } from './style-print.js';

type Theme = 'light' | 'dark';

const THEMES: Readonly<Record<Theme, string>> = {
  light: `--ink:${INK.light};--soft:#525b66;--page:#ffffff;--card:#f6f8fa;--rule:#c9d1d9;--edge:#848d97;--accent:#0757b8;--careful:#7a5000;--careful-fill:#fff3cd;--refused:#b3261e;--refused-fill:#ffe3e0`,
  dark: `--ink:${INK.dark};--soft:#a9b4c0;--page:#0f141a;--card:#171d25;--rule:#39424d;--edge:#7d8894;--accent:#86b9ff;--careful:#e9bb4f;--careful-fill:#332805;--refused:#ff9d96;--refused-fill:#43171a`,
};

function variables(theme: Theme): string {
  const states = STATES.map((state) => {
    const { fill, line } = STATE_STYLES[state][theme];
    return `--${state}:${line};--${state}-fill:${fill}`;
  });
  return `${THEMES[theme]};${states.join(';')}`;
}

/** The page's style sheet: light or dark as the reader's system is, light on paper. */
export function pageStyle(): string {
  const states = STATES.map((state) => `.s-${state}{--line:var(--${state});--fill:var(--${state}-fill)}`);
  return [
    `:root{color-scheme:light dark;${variables('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}`,
    ...states,
    LAYOUT_STYLE,
    GRAPH_STYLE,
    PRINT_STYLE,
  ].join('\n');
}
