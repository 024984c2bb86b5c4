import type { Acceptance, Attempt, Selection, Target } from '../src/driver.js';
import { DriverFailure } from '../src/driver-failure.js';
import { headerOf } from '../src/http/header.js';
import type { HttpAnswer, HttpRequest } from '../src/http/message.js';
import { jsonOf } from '../src/http/message.js';
import { TinyDriver } from './conformance-tiny-driver.js';
import type { WrongDriver } from './conformance-wrong-drivers.js';
import { fetched, unknownAfter } from './conformance-wrong-drivers.js';

const MIB = 1024 * 1024;

/** Those that see a proof in an answer that proves nothing. */
export const WRONG_JUDGES: readonly WrongDriver[] = [
  {
    name: 'takes a 422 for a refusal, whoever sent it',
    caughtBy: unknownAfter('422 with an empty body'),
    driver: harmlessWhere(({ status }) => status === 422),
  },
  {
    name: 'takes a 425 for a request to come later',
    caughtBy: unknownAfter('425 with an empty body'),
    driver: harmlessWhere(({ status }) => status === 425),
  },
  {
    name: 'takes a 429 with Retry-After for throttling, whoever sent it',
    caughtBy: unknownAfter('429 with JSON of somebody else and Retry-After'),
    driver: harmlessWhere((answer) => answer.status === 429 && isLater(answer)),
  },
  {
    name: 'takes a 503 with Retry-After for throttling',
    caughtBy: unknownAfter('503 with an empty body and Retry-After'),
    driver: harmlessWhere((answer) => answer.status === 503 && isLater(answer)),
  },
  {
    name: 'takes every body of the provider’s own shape for a refusal',
    caughtBy: unknownAfter('a refusal of the provider’s own shape with a code that is in no table'),
    driver: harmlessWhere((answer) => {
      const { tiny } = (jsonOf(answer) ?? {}) as { readonly tiny?: string };
      return answer.status < 500 && tiny !== undefined;
    }),
  },
  {
    name: 'accepts a 202',
    caughtBy: unknownAfter('another 2xx with the body that accepts'),
    driver: class extends TinyDriver {
      protected override accepted(answer: HttpAnswer): HttpAnswer {
        return answer.status === 202 ? answer : super.accepted(answer);
      }
    },
  },
  {
    name: 'reads 2 MiB of an answer',
    caughtBy: unknownAfter('the body that accepts, and more than 1 MiB of blanks'),
    driver: class extends TinyDriver {
      protected override send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        return super.send({ ...request, maxBodyBytes: 2 * MIB }, attempt);
      }
    },
  },
  {
    name: 'reads an answer to its end before it finds it too long',
    caughtBy: 'resume: a body of 64 MiB → effect unknown, and it is not read to its end',
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send({ ...request, maxBodyBytes: 100 * MIB }, attempt);
        if (answer.body.length <= MIB) return answer;
        throw new DriverFailure('too long', { code: 'INTERNAL', effect: 'unknown' });
      }
    },
  },
  {
    name: 'follows a 308, and no other redirect',
    caughtBy: unknownAfter('308 to another path'),
    driver: class extends TinyDriver {
      protected override async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
        const answer = await super.send(request, attempt);
        const path = headerOf(answer, 'location');
        return answer.status === 308 && path !== undefined ? await fetched({ ...request, path }) : answer;
      }
    },
  },
];

/** Those whose receipts name nodes that they do not know of. */
export const WRONG_RECEIPTS: readonly WrongDriver[] = [
  {
    name: 'names no nodes where the service names none',
    caughtBy: 'receipt: none → its expected nodes are those that were asked for',
    driver: class extends TinyDriver {
      protected override acceptance(answer: HttpAnswer, target: Target, selection: Selection): Acceptance {
        const accepted = super.acceptance(answer, target, selection);
        return accepted.nodesBasis === 'expected' ? { ...accepted, nodes: [] } : accepted;
      }
    },
  },
  {
    name: 'reports what was asked for, not what the service says',
    caughtBy:
      'receipt: the service reports other nodes than were asked for → its reported nodes are those that the service said',
    driver: class extends TinyDriver {
      protected override acceptance(answer: HttpAnswer, target: Target, selection: Selection): Acceptance {
        return { ...super.acceptance(answer, target, selection), nodes: selection.nodes };
      }
    },
  },
];

function isLater(answer: HttpAnswer): boolean {
  return headerOf(answer, 'retry-after') !== undefined;
}

function harmlessWhere(proves: (answer: HttpAnswer) => boolean): WrongDriver['driver'] {
  return class extends TinyDriver {
    protected override failure(answer: HttpAnswer): DriverFailure {
      const { message, details } = super.failure(answer);
      return new DriverFailure(message, proves(answer) ? { ...details, effect: 'none' } : details);
    }
  };
}
