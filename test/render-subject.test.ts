import { describe, expect, it } from 'vitest';
import type { ResumeError } from '../src/errors.js';
import type { Subject } from '../src/render/index.js';
import { renderHtml, renderMermaid, renderTree } from '../src/render/index.js';
import { snapshotOf, task } from './render-subjects.js';

const renderers = [
  ['renderHtml', renderHtml],
  ['renderMermaid', async (subject: Subject) => renderMermaid(subject)],
  ['renderTree', async (subject: Subject) => renderTree(subject)],
] as const;

const snapshot = snapshotOf([task('a', 'failed')], undefined);

describe.each(renderers)('%s', (_name, render) => {
  it.each([
    ['nothing', undefined, ['']],
    ['a text', 'wr_1', ['']],
    ['a receipt', { status: 'accepted', receipt: {} }, ['provider', 'connection', 'workflow', 'execution']],
    ['what is no plan', { snapshot }, ['version', 'provider', 'connection', 'identity']],
    [
      'a snapshot with nodes that are none',
      { ...snapshot, nodes: [{ ...task('a', 'failed'), state: 'broken' }, 1], edges: 'x' },
      ['nodes[0].state', 'nodes[1]', 'edges'],
    ],
  ])('says what is wrong with %s', async (_what, subject, fields) => {
    const error = (await render(subject as Subject).catch((thrown: unknown) => thrown)) as ResumeError;
    expect(error).toMatchObject({ name: 'ResumeError', code: 'INVALID_ARGUMENT', effect: 'none' });
    expect(error.problems?.map(({ field }) => field)).toEqual(expect.arrayContaining(fields));
  });

  it('names no more than twenty of many problems', async () => {
    const nodes = Array.from({ length: 30 }, () => 1);
    const error = (await render({ ...snapshot, nodes } as never).catch((thrown: unknown) => thrown)) as ResumeError;
    expect(error.problems).toHaveLength(21);
    expect(error.message).toContain('10 more problems');
  });

  it('draws what says more than it knows, as a later version may', async () => {
    const more = { ...snapshot, nodes: [{ ...task('a', 'failed'), since: 'tomorrow' }], mood: 'good' };
    expect(await render(more)).toBe(await render(snapshot));
  });
});
