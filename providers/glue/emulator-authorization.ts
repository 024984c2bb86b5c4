/** What an Authorization header of Signature Version 4 says. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `20260102/us-east-1/glue/aws4_request` */
  readonly scope: string;
  /** The scope's first part. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  /** Lower case, in the order of the header. */
  readonly signedHeaders: readonly string[];
  /** Hexadecimal, lower case. */
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Takes the header apart; undefined where any part is missing or has not its form. */
export function parseAuthorization(header: string): Authorization | undefined {
  if (!header.startsWith(`${ALGORITHM} `)) return undefined;
  const parts = new Map<string, string>();
  for (const part of header.slice(ALGORITHM.length + 1).split(',')) {
    const mark = part.indexOf('=');
    if (mark < 0) return undefined;
    parts.set(part.slice(0, mark).trim(), part.slice(mark + 1).trim());
  }
  const [credential, names, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) => parts.get(name));
  const [accessKeyId, day, region, service, end, ...rest] = (credential ?? '').split('/');
  if (!accessKeyId || !day || !region || !service || end !== 'aws4_request' || rest.length > 0) return undefined;
  if (!names || signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const signedHeaders = names.toLowerCase().split(';');
  return { accessKeyId, scope: [day, region, service, end].join('/'), day, region, service, signedHeaders, signature };
}

const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** When a request says that it was signed, epoch milliseconds: `x-amz-date` before `Date`. */
export function signedAt(amzDate: string | undefined, date: string | undefined): number | undefined {
  const iso = amzDate?.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z');
  // What the pattern does not fit stays as it is and must not be taken for another form of date.
  if (iso !== undefined && iso === amzDate) return undefined;
  const epochMs = Date.parse(iso ?? date ?? '');
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** `20260102T030405Z` */
export function amzDateOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
