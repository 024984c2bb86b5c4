import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../src/cli/config.js';
import { jsonTroubleOf } from '../src/cli/json-trouble.js';

const SECRET = 'canary-of-the-configuration';

it.each([
  ['a value without quotes', `{\n  "a": 1,\n  "key": ${SECRET}\n}`, 3, "unexpected token 'c'"],
  ['a comment', `{\n  // ${SECRET}\n  "a": 1\n}`, 2, /expected property name/],
  ['single quotes', `{\n  "a": '${SECRET}'\n}`, 2, "unexpected token '''"],
  ['a comma too many', `{"a": "${SECRET}",\n\n}`, 3, /double-quoted property name/],
  ['a comma too few', `{"a": "${SECRET}"\n"b": 1}`, 2, /expected ',' or '}' after property value/],
  ['a line break in a text', `{"a": "${SECRET}\n"}`, 1, /control character/],
  ['an end that is missing', `{"a":\n "${SECRET}"`, 2, /expected ',' or '}'|end of JSON input/],
  ['more than one value', `{}\n${SECRET}`, 2, /non-whitespace character after JSON/],
  ['nothing', '', 1, 'unexpected end of JSON input'],
  ['a half word', '[true,\n tru]', 2, "unexpected token ']'"],
  ['undefined', 'undefined', 1, undefined],
  ['what a terminal would act on', '{"a":\n \u001b}', 2, undefined],
])('tells the line and what is wrong, and quotes no more than a character: %s', (_, text, line, why) => {
  const trouble = jsonTroubleOf(text);
  expect(trouble?.line).toBe(line);
  if (why instanceof RegExp) expect(trouble?.why).toMatch(why);
  else expect(trouble?.why).toBe(why);
  expect(trouble?.why ?? '').not.toContain('canary');
});

it('finds nothing wrong with JSON', () => {
  expect(jsonTroubleOf('{"a": [1, "b"]}')).toBeUndefined();
});

it('is told of a configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broken-json-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'broken.json');
  await writeFile(file, `{"connections":\n  {"a": ${SECRET}}}`);
  await expect(readConfig(file)).rejects.toThrow(`${file} is not valid JSON (line 2): unexpected token 'c'.`);
});
