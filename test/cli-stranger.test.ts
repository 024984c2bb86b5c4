import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './cli-run.js';

const root = join(import.meta.dirname, '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resumable-workflow-stranger-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A provider that only the project knows in whose folder the command runs. */
function install(): void {
  const target = join(folder, 'node_modules', 'someones-workflows');
  mkdirSync(target, { recursive: true });
  writeFileSync(
    join(target, 'package.json'),
    JSON.stringify({ name: 'someones-workflows', type: 'module', exports: './index.js' }),
  );
  // Over this package's own code, as an adapter outside of the tree is.
  const library = JSON.stringify(join(root, 'dist/src/index.js'));
  writeFileSync(
    join(target, 'index.js'),
    `import { createWorkflow } from ${library};
const rule = { maxLength: 64, pattern: /./, rule: 'not be empty' };
export function createSomeonesWorkflow({ name }) {
  return createWorkflow(name, {
    provider: 'someones',
    capabilities: {
      actions: { resume: { min: 0, max: 0 } }, newExecution: false, discoversNodes: false,
      ids: { workflow: rule, execution: rule, node: rule }, notices: [],
    },
    async doResume({ execution }, _selection, attempt) {
      attempt.dispatch();
      return { execution, nodes: [], nodesBasis: 'expected' };
    },
    async close() {},
  });
}
`,
  );
  const config = { connections: { theirs: { provider: 'someones-workflows' } } };
  writeFileSync(join(folder, 'resumable.config.json'), JSON.stringify(config));
}

describe("a stranger's provider", () => {
  it('is found in the project that the command runs in', async () => {
    install();
    const resumed = await runCli(['resume', 'theirs', 'w', 'e', '--json', '--ledger', join(folder, 'ledger')], folder);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'accepted', receipt: { provider: 'someones' } });
    expect(resumed.exitCode).toBe(0);
  }, 20_000);

  it('that is not installed is named, with what to do', async () => {
    install();
    rmSync(join(folder, 'node_modules'), { recursive: true });
    const refused = await runCli(['connections'], folder);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('no provider "someones-workflows" (it is not installed)');
  }, 20_000);
});
