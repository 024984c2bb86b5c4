/** An instant with a zone; without one it could be any of many. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
/** Ten digits are seconds, which no document of these shows. */
const EPOCH_MS = /^\d{11,14}$/;

/**
 * A time of an answer as ISO 8601: OBS writes it so, AOM as epoch milliseconds.
 *
 * @returns undefined for nothing, 0 and whatever else is no instant.
 */
export function instantOf(value: string | number | null | undefined): string | undefined {
  const text = String(value ?? '').trim();
  if (INSTANT.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : text;
  return EPOCH_MS.test(text) ? new Date(Number(text)).toISOString() : undefined;
}

/**
 * Whether one instant is before another, or not before it. A time without a fraction may mean any moment of its second.
 *
 * @returns `unclear` where their precision does not tell, or one of them is unknown.
 */
export function orderOf(one: string | undefined, other: string | undefined): 'before' | 'since' | 'unclear' {
  if (one === undefined || other === undefined) return 'unclear';
  const [oneMs, otherMs] = [Date.parse(one), Date.parse(other)];
  if (Number.isNaN(oneMs) || Number.isNaN(otherMs)) return 'unclear';
  if (oneMs + roundingMs(one) < otherMs) return 'before';
  return oneMs >= otherMs + roundingMs(other) ? 'since' : 'unclear';
}

function roundingMs(instant: string): number {
  return instant.includes('.') ? 0 : 999;
}
