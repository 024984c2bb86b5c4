/**
 * The keys that are given twice in one object of a JSON text, as paths; the parser takes the last of each in silence.
 *
 * @param json - JSON that parses.
 */
export function repeatedKeysIn(json: string): string[] {
  const repeated: string[] = [];
  /** Of each object or list that is open: its path, and the keys that an object has had. */
  const open: { readonly path: string; readonly keys: Set<string> | undefined }[] = [];
  let name = '';
  let isKey = false;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const within = open.at(-1);
    if (token === '{' || token === '[') {
      const path = within?.path === undefined || within.path === '' ? name : `${within.path}.${name}`;
      open.push({ path, keys: token === '{' ? new Set() : undefined });
      name = '';
      isKey = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      isKey = false;
    } else if (token === ',') {
      isKey = within?.keys !== undefined;
    } else if (isKey && token !== ':') {
      name = JSON.parse(token) as string;
      if (within?.keys?.has(name) === true) repeated.push(within.path === '' ? name : `${within.path}.${name}`);
      within?.keys?.add(name);
      isKey = false;
    }
  }
  return repeated;
}
