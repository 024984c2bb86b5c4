import { z } from 'zod';
import { parse, text } from '../schema.js';
import { count, strictObject } from './strict-object.js';

// What is handed to an emulator is checked as strictly as what is sent to it: a test that sets up something else than it
// says holds for the wrong reason.

/** What every emulator takes. */
export const emulatorShape = () => ({
  port: count(0).max(65_535, 'must be at most 65535').optional(),
  clock: z.custom(isClock, 'must be a VirtualClock').optional(),
});

/** One access key, with a token where it is temporary. @param token - what this provider calls the token. */
export const keysSchema = (token: 'securityToken' | 'sessionToken') =>
  strictObject({ accessKeyId: text(), secretAccessKey: text(), [token]: text().optional() });

/** Checks the settings that fit any provider's emulator. @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkEmulatorSettings(settings: unknown, factory: string): void {
  const keys = { accessKeyId: text().optional(), secretAccessKey: text().optional(), securityToken: text().optional() };
  const schema = strictObject({ ...emulatorShape(), ...keys, projectId: text().optional() });
  parse<unknown>(schema, settings, `${factory}()`);
}

/** Checks what a test hands to an emulator. @throws {ResumeError} INVALID_ARGUMENT with every problem. */
export function checkEmulated(schema: z.ZodType, input: unknown, called: string): void {
  parse<unknown>(schema, input, called);
}

/** By what it has: there may be two copies of the package. */
function isClock(value: unknown): boolean {
  const { nowMs, advance } = (value ?? {}) as { readonly nowMs?: unknown; readonly advance?: unknown };
  return typeof nowMs === 'number' && typeof advance === 'function';
}
