import { createObsWorkflow } from '../providers/obs/index.js';

/** The first answer of a fresh process. Run by cold-start.ts. */
const [endpoint = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'AKIDEXAMPLE0000000', secretAccessKey: 'SKEXAMPLEsecretKey0123456789abcdefghij00' };
const obs = createObsWorkflow({ name: 'obs', endpoint, credentials });
await obs.resume({ workflow: 'graph_1', execution: 'exec-1' }, { readBack: 'off' });
await obs.close();
