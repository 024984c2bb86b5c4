import type { ResumePlan } from '../resume-plan.js';

/** What a plan does with a node. */
export type Role = 'starts' | 'starts-again' | 'reruns' | 'may-run' | 'kept' | 'blocked';

/** How a role shows in every picture. */
export interface RoleStyle {
  readonly glyph: string;
  readonly word: string;
  readonly ansi: number;
}

/** By role. */
export const ROLE_STYLES: Readonly<Record<Role, RoleStyle>> = {
  starts: { glyph: '▶', word: 'starts', ansi: 36 },
  'starts-again': { glyph: '▶!', word: 'starts, had succeeded', ansi: 33 },
  reruns: { glyph: '!', word: 'may run again', ansi: 33 },
  'may-run': { glyph: '▷', word: 'may run', ansi: 36 },
  kept: { glyph: '=', word: 'kept', ansi: 90 },
  blocked: { glyph: '⊘', word: 'blocked', ansi: 90 },
};

/** The roles, what begins first. */
export const ROLES = Object.keys(ROLE_STYLES) as readonly Role[];

/** The role of every node that a plan names, by id. */
export function rolesOf(plan: ResumePlan): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const { id } of plan.blocked) roles.set(id, 'blocked');
  for (const { id } of plan.kept) roles.set(id, 'kept');
  for (const { id } of plan.mayRun) roles.set(id, 'may-run');
  for (const { id } of plan.rerunsSucceeded) roles.set(id, 'reruns');
  for (const { id } of plan.starts) roles.set(id, roles.get(id) === 'reruns' ? 'starts-again' : 'starts');
  return roles;
}

/** Whether a node of this role may run when the plan is applied. */
export function mayRun(role: Role | undefined): boolean {
  return role !== undefined && role !== 'kept' && role !== 'blocked';
}
