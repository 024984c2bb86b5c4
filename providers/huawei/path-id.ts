import type { IdRule } from '../../src/types.js';

/**
 * The rule for an id whose charset is undocumented: whatever could rewrite a URL is refused, the rest is percent-encoded.
 *
 * @param maxLength - in UTF-16 code units.
 */
export function pathIdRule(maxLength: number): IdRule {
  return {
    maxLength,
    pattern: /^(?!.*\.\.)(?!\.$)[^\p{Cc}/?#%\\]+$/u,
    rule: 'not contain / ? # % \\ .. or control characters',
  };
}
