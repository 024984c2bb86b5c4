import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMermaid } from '../src/render/index.js';
import { oneLine } from '../src/render/plain-text.js';
import { bigRun, diceRun, failedLoad, loadPlan, snapshotOf, task } from './render-subjects.js';

const SHAPES = ['("#")', '{{"#"}}', '(["#"])', '["#"]', '[["#"]]', '[/"#"\\]', '[/"#"/]', '>"#"]', '{"#"}', '[("#")]'];
const NODE = /^ {2}(n\d+|note)([^"]+)"([^"]*)"([^":]+):::(\w+)$/;
const EDGE = /^ {2}(n\d+) (?:-->|==>) (n\d+)$/;
const CLASS =
  /^ {2}classDef (\w+) fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6},stroke-width:\dpx(?:,stroke-dasharray:4 3)?$/;

interface Parsed {
  readonly title: unknown;
  readonly labels: readonly string[];
  readonly edges: number;
}

/** Reads the part of the grammar that may be written, strictly: anything else is an error. */
function parse(text: string): Parsed {
  const [open, title = '', close, kind, ...rest] = text.split('\n');
  expect([open, close, kind]).toEqual(['---', '---', 'flowchart TD']);
  expect(rest.pop()).toBe('');
  const ids = new Set<string>();
  const classes = new Set<string>();
  const used = new Set<string>();
  const labels: string[] = [];
  let edges = 0;
  for (const line of rest) {
    const [node, edge, defined] = [NODE.exec(line), EDGE.exec(line), CLASS.exec(line)];
    if (node !== null) {
      const [, id = '', before = '', label = '', after = '', state = ''] = node;
      expect(SHAPES).toContain(`${before}"#"${after}`);
      expect(label.replaceAll('<br/>', '').replace(/#\d+;/g, '')).toMatch(/^[\p{L}\p{N} _,!=·…✔✖●○‖■↷?▶▷⊘-]*$/u);
      ids.add(id);
      used.add(state);
      labels.push(label);
    } else if (edge !== null) {
      expect(ids.has(`${edge[1]}`) && ids.has(`${edge[2]}`)).toBe(true);
      edges += 1;
    } else if (defined !== null) {
      classes.add(`${defined[1]}`);
    } else {
      expect.unreachable(`not understood: ${line}`);
    }
  }
  for (const state of used) expect(classes).toContain(state);
  return { title: JSON.parse(title.replace(/^title: /, '')), labels, edges };
}

function decoded(label: string): string {
  return label.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

describe('the flowchart', { timeout: 30_000 }, () => {
  it('has a title that sums it up, a node for each node and an edge for each edge', () => {
    const load = failedLoad();
    const { title, labels, edges } = parse(renderMermaid(load));
    expect(title).toBe('nightly-etl failed (10 nodes: 1 failed, 3 waiting, 6 succeeded)');
    expect(labels).toHaveLength(load.nodes.length);
    expect(edges).toBe(load.edges?.length);
  });

  it('gives each state its own shape, class and word, and draws gates as diamonds without a name', () => {
    const text = renderMermaid(failedLoad());
    expect(text).toContain('n7{{"train-model<br/>✖ failed · 3 attempts"}}:::failed');
    expect(text).toContain('n1("crawl-orders<br/>✔ succeeded"):::succeeded');
    expect(text).toContain('n12["score-customers<br/>○ waiting"]:::waiting');
    expect(text).toContain('n3{" "}:::unknown');
  });

  it('says of a plan what starts and runs again, and draws its ways thick', () => {
    const text = renderMermaid(loadPlan());
    expect(text).toContain('✖ failed · ▶ starts · 3 attempts');
    expect(text).toContain('✔ succeeded · ! may run again');
    expect(text).toContain('n7 ==> n9');
    expect(text).toContain('n9 ==> n10');
    expect(text).toContain('n6 --> n7');
  });

  it.each([
    ['a run of ten thousand nodes', bigRun(10_000, 30_000, 5)],
    ['ten thousand nodes of mixed states', diceRun(10_000, 30_000)],
    ['dense ties between few nodes', diceRun(290, 9000)],
    ['hostile names', diceNamed('"]}); click n0 javascript:alert(1)'.repeat(4))],
  ])('keeps within what Mermaid draws: %s', (_, subject) => {
    const text = renderMermaid(subject);
    const { labels, edges } = parse(text);
    expect(labels.length).toBeLessThanOrEqual(301);
    expect(edges).toBeLessThanOrEqual(480);
    expect(text.length).toBeLessThanOrEqual(50_000);
  });

  it('counts a succeeded branch of a large graph in one node', () => {
    expect(renderMermaid(bigRun(10_000, 30_000, 5))).toContain('[("… 9,277 succeeded")]:::succeeded');
  });
});

function diceNamed(name: string) {
  const run = diceRun(300, 400);
  return { ...run, nodes: run.nodes.map((node) => ({ ...node, name })) };
}

describe('names', { timeout: 30_000 }, () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc
      .array(
        fc.constantFrom(
          '"',
          '`',
          ']',
          ')',
          '}',
          '\n',
          'end',
          '%%',
          '{init',
          '<img src=x>',
          '#35;',
          '&quot;',
          ':::',
          '**',
          '1. ',
          '$$',
          'fa:fa-x',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );

  it('cannot be anything but text, and read as they are', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const subject = snapshotOf([task('a', 'failed', { name }), task('b', 'waiting')], [['a', 'b']], {
          workflow: name,
        });
        const { labels, edges } = parse(renderMermaid(subject));
        expect([labels.length, edges]).toEqual([2, 1]);
        const [shown = ''] = decoded(labels[0] ?? '').split('<br/>✖');
        const whole = oneLine(name);
        expect(shown.endsWith('…') ? whole.startsWith(shown.slice(0, -1)) : shown === whole).toBe(true);
        expect(labels[0]).not.toMatch(/\bend\b/i);
      }),
      { numRuns: 500 },
    );
  });
});
