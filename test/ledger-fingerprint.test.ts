import { describe, expect, it } from 'vitest';
import type { Target } from '../src/driver.js';
import { fingerprintOf } from '../src/ledger/fingerprint.js';

const target: Target = { workflow: 'w', execution: 'e', action: 'restart', nodes: ['a', 'b'] };
const of = (more: Partial<Target> = {}, connection = 'c') =>
  fingerprintOf({ connection, target: { ...target, ...more } });

describe('the fingerprint of a request', () => {
  it('is the one that ledgers on disk have: it changes with its version only', () => {
    // SHA-256 of [1,"c","w","e","restart",["a","b"]].
    expect(of()).toBe('faddef71b6fb3bc6060e2c2b7a778b2099ad60b3c4bfa937e0b93bccfd257c6e');
  });

  it('does not depend on the order of the nodes, nor on one being named twice', () => {
    expect(of({ nodes: ['b', 'a'] })).toBe(of());
    expect(of({ nodes: ['b', 'a', 'b', 'a', 'a'] })).toBe(of());
  });

  it('sorts nodes alike everywhere, whatever the locale', () => {
    const nodes = ['é', 'z', 'Z', 'a', '10', '9', '\u{1f600}', '\uffff'];
    expect(of({ nodes })).toBe(of({ nodes: nodes.toReversed() }));
  });

  it('does not change the nodes that it is given', () => {
    const nodes = Object.freeze(['b', 'a', 'b']);
    of({ nodes });
    expect(nodes).toEqual(['b', 'a', 'b']);
  });

  it('differs for requests whose parts could be taken for one another', () => {
    const requests = [
      of(),
      of({}, 'C'),
      of({}, 'c '),
      of({ action: 'resume' }),
      of({ nodes: [] }),
      of({ nodes: ['a'] }),
      of({ nodes: ['ab'] }),
      of({ nodes: ['a,b'] }),
      of({ nodes: ['a"', '"b'] }),
      of({ nodes: ['a","b'] }),
      of({ nodes: ['["a"', '"b"]'] }),
      of({ nodes: ['a', 'b', ''] }),
      of({ nodes: [''] }),
      of({ workflow: 'we', execution: '' }),
      of({ workflow: '', execution: 'we' }),
      of({ workflow: 'w","e' }),
      of({ workflow: 'w\u0000e', execution: '' }),
      of({ workflow: 'w', execution: '\u0000e' }),
      of({ execution: 'e', workflow: 'w' }, ''),
      of({ workflow: 'cw' }, ''),
      of({ execution: 'é' }),
      of({ execution: 'e\u0301' }),
      of({ execution: '\ud800' }),
      of({ execution: '\ud801' }),
      of({ execution: '\ufffd' }),
    ];
    expect(new Set(requests).size).toBe(requests.length);
    for (const request of requests) expect(request).toMatch(/^[0-9a-f]{64}$/);
  });
});
