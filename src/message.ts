/** What was thrown, in words: whatever it is, also where its own words are none or cannot be made. */
export function messageOf(thrown: unknown): string {
  try {
    const words: unknown = thrown instanceof Error ? thrown.message : thrown;
    return typeof words === 'string' ? words : String(words);
  } catch {
    return 'something was thrown that cannot be put into words';
  }
}
