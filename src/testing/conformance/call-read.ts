import type { ReadOptions } from '../../snapshot.js';
import type { Read, ResumableWorkflow, ResumeRequest } from '../../types.js';
import { collected } from './bench.js';

/** Makes a read of what a request names. */
export async function callRead(
  connection: ResumableWorkflow,
  read: Read,
  request: ResumeRequest,
  options?: ReadOptions,
): Promise<unknown> {
  const { workflow, execution } = request;
  switch (read) {
    case 'inspect':
      return await connection.inspect({ workflow, execution }, options);
    case 'plan':
      return await connection.plan(request, options);
    case 'lineage':
      return await connection.lineage({ workflow, execution }, options);
    case 'list':
      return await collected(connection.list(workflow, { signal: options?.signal }));
  }
}
