import { z } from 'zod';
import type { VirtualClock } from './clock.js';
import type { EmulatedRequest } from './emulator-server.js';
import { faultSchema } from './fault-schema.js';
import type { EmulatedAnswer, FaultPlan } from './faults.js';
import type { Journal } from './journal.js';

const PREFIX = '/_emulator/';

const clockSchema = z.strictObject({ advanceMs: z.number() });

/** What can be read and set over HTTP, for tests in another process or another language. */
interface Controlled {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
}

export function isControl({ path }: EmulatedRequest): boolean {
  return path.startsWith(PREFIX);
}

/** `GET /_emulator/journal`, `POST /_emulator/faults` with a fault, `POST /_emulator/clock` with `{"advanceMs": n}`. */
export function answerControl({ method, path, body }: EmulatedRequest, emulator: Controlled): EmulatedAnswer {
  switch (`${method} ${path.slice(PREFIX.length)}`) {
    case 'GET journal':
      // Headers stay out: they hold signatures and tokens.
      return json(200, { entries: emulator.journal.entries.map(({ headers: _headers, ...entry }) => entry) });
    case 'DELETE journal':
      emulator.journal.clear();
      return json(200, {});
    case 'POST faults':
      return accept(faultSchema(), body, (fault) => emulator.faults.add(fault));
    case 'DELETE faults':
      emulator.faults.clear();
      return json(200, {});
    case 'POST clock':
      return accept(clockSchema, body, ({ advanceMs }) => emulator.clock.advance(advanceMs));
    default:
      return json(404, { error: 'there are: GET|DELETE journal, POST|DELETE faults, POST clock' });
  }
}

function accept<T>(schema: z.ZodType<T>, body: Buffer, use: (value: T) => void): EmulatedAnswer {
  const result = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('the body is not JSON');
        return z.NEVER;
      }
    })
    .pipe(schema)
    .safeParse(body.toString('utf8'));
  if (!result.success) return json(400, { error: z.prettifyError(result.error) });
  use(result.data);
  return json(200, {});
}

function json(status: number, value: unknown): EmulatedAnswer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}
