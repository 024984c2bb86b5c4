/**
 * How long a `Retry-After` header asks to wait, in milliseconds.
 *
 * @param nowMs - the time that an HTTP date is compared with, as epoch milliseconds.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMsOf(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const trimmed = value.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 1000;
  // Only dates as HTTP writes them: Date.parse alone would also take "-5" or "1.5".
  if (!/^[A-Za-z]{3,9},? /.test(trimmed)) return undefined;
  const date = Date.parse(trimmed);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
