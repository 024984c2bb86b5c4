import { describe, expect, it } from 'vitest';
import { executionOf } from '../providers/aom/wire.js';

/** When a node began, of an answer that has this for its time, as it is written there. */
function beganMs(time: string): number | undefined {
  const body = `{"execution_id":"ex","execution_result_list":[{"node_id":"n","begin_time":${time}}]}`;
  const answer = { status: 200, headers: {}, body: Buffer.from(body) };
  return executionOf(answer, { workflow: 'wf', execution: 'ex' }).nodes[0]?.beginMs;
}

describe('a time of a run', () => {
  it.each(['1e999', '-1e999', '"1e999"', '"Infinity"', 'true', '[200]', '{"ms":200}', '""', 'null', '"soon"'])(
    'that is %s is none, so that it is later than no other',
    (time) => {
      expect(beganMs(time)).toBeNaN();
    },
  );

  it.each(['200', '"200"', '200.0'])('that is %s is epoch milliseconds', (time) => {
    expect(beganMs(time)).toBe(200);
  });
});
