/** The moments at which a process can be killed, named for what has and has not happened. */
export const BOUNDARIES = [
  'lookup: before it',
  'discover: reading',
  'begin: before the write',
  'begin: written, not answered',
  'resume: before it is sent',
  'resume: sent, before the commit',
  'resume: committed, before the answer',
  'resume: answered',
  'read-back: reading',
  'settle: before the write',
  'settle: written, not answered',
  'release: before the write',
  'release: written, not answered',
  'claim: before the write',
  'claim: written, not answered',
] as const;

export type Boundary = (typeof BOUNDARIES)[number];
