import type { GetWorkflowRunCommand, GetWorkflowRunsCommand, ResumeWorkflowRunCommand } from '@aws-sdk/client-glue';
import type { Attempt } from '../../src/driver.js';
import { DriverFailure } from '../../src/driver-failure.js';
import type { HttpAnswer } from '../../src/http/message.js';

/**
 * One command on its way through the SDK: the attempt that it belongs to, and what came back over the wire. Whatever
 * the SDK makes of an answer, or of not getting one, decides nothing.
 */
export interface GlueExchange {
  readonly attempt: Attempt;
  /** The answer's largest body, in bytes. */
  readonly maxBodyBytes: number;
  outcome: HttpAnswer | DriverFailure | undefined;
}

/** A command that is sent through the SDK. */
export type GlueCommand = ResumeWorkflowRunCommand | GetWorkflowRunCommand | GetWorkflowRunsCommand;

/** A command's middlewares. The SDK tells those of each command apart; here only what they have in common is used. */
export type GlueStack = ResumeWorkflowRunCommand['middlewareStack'];

/** Where an input, and then the request that the SDK makes of it, carries its exchange. */
const EXCHANGE = Symbol('exchange');

/** Something that may carry an exchange. */
export interface Carrier {
  [EXCHANGE]?: GlueExchange | undefined;
}

/** Gives an exchange to a command's input, of which the SDK serializes only the members that it knows. */
export function carry(command: GlueCommand, exchange: GlueExchange): void {
  (command.input as Carrier)[EXCHANGE] = exchange;
}

/** The exchange that a request belongs to. */
export function exchangeOf(request: Carrier): GlueExchange | undefined {
  return request[EXCHANGE];
}

/**
 * Has a client hand each exchange on from a command's input to its signed request.
 *
 * The options of `send` could carry it too, but with any options the SDK puts all of a command's middlewares together
 * anew: measured, a sixth of what a command costs.
 */
export function carryExchanges(stack: GlueStack): void {
  stack.add(
    (next) => (args) => {
      (args.request as Carrier)[EXCHANGE] = (args.input as Carrier)[EXCHANGE];
      return next(args);
    },
    { name: 'resumableWorkflowExchange', step: 'deserialize', priority: 'low', override: true },
  );
}

/**
 * Takes the SDK's retries off a command, or all commands of a client, whatever strategy its client has: an operation that is not idempotent is
 * retried by them like a read. Relies on the name under which the SDK adds them; should that change, the attempt still
 * refuses a second request.
 */
export function withoutRetries(stack: GlueStack): void {
  stack.add((next) => (args) => next(args), {
    name: 'retryMiddleware',
    step: 'finalizeRequest',
    priority: 'high',
    override: true,
  });
}

/**
 * What came back over the wire.
 *
 * @param send - has the SDK send the command.
 * @throws {DriverFailure} what the exchange failed with; whatever the SDK threw before it handed a request over.
 */
export async function outcomeOf(exchange: GlueExchange, send: () => Promise<unknown>): Promise<HttpAnswer> {
  try {
    await send();
  } catch (thrown) {
    if (exchange.outcome === undefined) throw thrown;
  }
  const { outcome } = exchange;
  if (outcome === undefined) throw new Error('the AWS SDK returned without having sent anything');
  if (outcome instanceof DriverFailure) throw outcome;
  return outcome;
}
