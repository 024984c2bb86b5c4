import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
if (!existsSync(join(root, 'dist/src/index.js'))) throw new Error('dist is missing: run `npm run build`');

// The example's own tests, over the built package as its users import it: its names resolve to dist.
await import(join(root, 'examples/orchestrator/orchestrator.test.ts'));
