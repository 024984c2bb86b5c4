import type { Attributes } from '@opentelemetry/api';
import type {
  AttemptTrace,
  LedgerTrace,
  LookTrace,
  ReadBackTrace,
  ResumeTrace,
  TracedFailure,
} from '../diagnostics.js';
import type { Outcome } from '../types.js';

const PREFIX = 'resumable_workflow';

/** Who a trace is about. */
export function connectionAttributes({ connection, provider }: { connection: string; provider?: string }): Attributes {
  return {
    [`${PREFIX}.connection`]: connection,
    ...(provider === undefined ? {} : { [`${PREFIX}.provider`]: provider }),
  };
}

export function targetAttributes({ target }: Pick<ResumeTrace | ReadBackTrace, 'target'>): Attributes {
  if (target === undefined) return {};
  return {
    [`${PREFIX}.workflow`]: target.workflow,
    [`${PREFIX}.execution`]: target.execution,
    [`${PREFIX}.action`]: target.action,
    ...(target.nodes.length === 0 ? {} : { [`${PREFIX}.nodes`]: [...target.nodes] }),
  };
}

/** How a call ended. `error.type` is the code of the error. @see OpenTelemetry semantic conventions, "error" */
export function outcomeAttributes(outcome: Outcome): Attributes {
  if (outcome.status === 'accepted') {
    const { execution, confirmedBy, attempts } = outcome.receipt;
    return {
      [`${PREFIX}.outcome`]: outcome.status,
      [`${PREFIX}.new_execution`]: execution,
      [`${PREFIX}.confirmed_by`]: confirmedBy,
      [`${PREFIX}.attempts`]: attempts,
    };
  }
  const { code, effect, attempts } = outcome.error;
  return {
    [`${PREFIX}.outcome`]: outcome.status,
    [`${PREFIX}.effect`]: effect,
    [`${PREFIX}.attempts`]: attempts,
    'error.type': code,
  };
}

/** @see OpenTelemetry semantic conventions, "error" and "http" */
export function failureAttributes({ code, effect, httpStatus, providerCode, requestId }: TracedFailure): Attributes {
  return {
    'error.type': code,
    [`${PREFIX}.effect`]: effect,
    ...(httpStatus === undefined ? {} : { 'http.response.status_code': httpStatus }),
    ...(providerCode === undefined ? {} : { [`${PREFIX}.provider_code`]: providerCode }),
    ...(requestId === undefined ? {} : { [`${PREFIX}.request_id`]: requestId }),
  };
}

/** @see OpenTelemetry semantic conventions, "http" and "server" */
export function requestAttributes({ request }: Pick<AttemptTrace, 'request'>): Attributes {
  if (request === undefined) return {};
  const method = { 'http.request.method': request.method };
  // A stranger's driver may say anything.
  if (!URL.canParse(request.origin)) return method;
  const { protocol, hostname, port } = new URL(request.origin);
  const standard = protocol === 'https:' ? 443 : 80;
  return { ...method, 'server.address': hostname, 'server.port': port === '' ? standard : Number(port) };
}

export function lookAttributes(look: LookTrace): Attributes {
  return { ...connectionAttributes(look), [`${PREFIX}.doing`]: look.doing };
}

export function attemptAttributes({ connection, purpose }: AttemptTrace): Attributes {
  return { ...connectionAttributes({ connection }), [`${PREFIX}.purpose`]: purpose };
}

export function ledgerAttributes({ connection, step, intent }: LedgerTrace): Attributes {
  return {
    ...connectionAttributes({ connection }),
    [`${PREFIX}.ledger.step`]: step,
    ...(intent === undefined ? {} : { [`${PREFIX}.intent`]: intent }),
  };
}
