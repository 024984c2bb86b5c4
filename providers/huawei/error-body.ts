import { z } from 'zod';
import { headerOf } from '../../src/http/header.js';
import type { HttpAnswer } from '../../src/http/message.js';
import { jsonOf } from '../../src/http/message.js';
import type { ProviderError } from '../../src/http/verdict.js';

/** Every JSON spelling that Huawei's documents and SDKs know, the documented misspelling of `http_code` included. */
const jsonErrorSchema = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  error_code: z.union([z.string(), z.number().transform(String)]).nullish(),
  error_msg: z.string().nullish(),
  error_message: z.string().nullish(),
  request_id: z.string().nullish(),
});

/** The request id from each header that Huawei's services use. */
export function requestIdOf(answer: HttpAnswer): string | undefined {
  return headerOf(answer, 'x-obs-request-id', 'x-request-id', 'x-amz-request-id');
}

/**
 * What an error body says, found by looking at it: the Content-Type is documented as XML, seen as JSON, and left out.
 *
 * @returns undefined where the body is not Huawei's, such as a proxy's page: it then proves nothing.
 */
export function errorOf(answer: HttpAnswer): ProviderError | undefined {
  const start = answer.body.subarray(0, 64).toString('utf8').trimStart();
  if (start.startsWith('<')) return errorOfXml(answer.body.toString('utf8'));
  const parsed = jsonErrorSchema.safeParse(jsonOf(answer));
  if (!parsed.success) return undefined;
  const { code, message, error_code, error_msg, error_message, request_id } = parsed.data;
  const providerCode = error_code ?? code;
  if (providerCode === null || providerCode === undefined || providerCode === '') return undefined;
  return {
    providerCode,
    message: error_msg ?? error_message ?? message ?? undefined,
    requestId: request_id ?? undefined,
  };
}

/** Whether a body that came with a 200 says that something went wrong, by any of the spellings. */
export function reportsError(body: Readonly<Record<string, unknown>>): boolean {
  const { code, error_code, error_msg, error_message } = body;
  if (isSaid(error_code) || isSaid(error_msg) || isSaid(error_message)) return true;
  // A plain number may say that all went well.
  return typeof code === 'string' && /\D/.test(code);
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** `<Error><Code/><Message/><Resource/><RequestId/><HostId/></Error>`: three flat fields, so no XML parser is needed. */
function errorOfXml(xml: string): ProviderError | undefined {
  // Not by one pattern: its time would grow with the square of what a proxy may send.
  const start = xml.search(/<Error[\s>]/);
  const end = xml.lastIndexOf('</Error>');
  if (start < 0 || end < start || xml.slice(end + '</Error>'.length).trim() !== '') return undefined;
  const error = xml.slice(start + '<Error'.length, end);
  const providerCode = fieldOf(error, 'Code');
  if (providerCode === undefined || providerCode === '') return undefined;
  return { providerCode, message: fieldOf(error, 'Message'), requestId: fieldOf(error, 'RequestId') };
}

function fieldOf(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`);
  const end = xml.indexOf(`</${name}>`, start);
  if (start < 0 || end < 0) return undefined;
  return unescaped(xml.slice(start + name.length + 2, end));
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_whole, name: string) => entities[name] ?? '');
}
