import { Pool } from 'undici';
import { z } from 'zod';

/** What somebody would write without a library. Run by cold-start.ts. */
const [origin = ''] = process.argv.slice(2);
const restored = z.object({ execution_name: z.string(), restored_at: z.string().nullish() });
const pool = new Pool(origin);
const { body } = await pool.request({ method: 'PUT', path: '/v2/workflowexecutions/exec-1?x-workflow-graph-name=graph_1' });
restored.parse(await body.json());
await pool.close();
