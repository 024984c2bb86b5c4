/** What JSON leaves as it is and a terminal might obey, or not show. */
const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Prints one line of JSON on stdout; what does not show is escaped, so that it means the same and does nothing. */
export function printJson(value: unknown): void {
  const escaped = JSON.stringify(value).replace(UNSEEN, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  process.stdout.write(`${escaped}\n`);
}
