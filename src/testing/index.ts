export { VirtualClock } from './clock.js';
export type { DescribedEmulator, EmulatedConnection, EmulatorSettings } from './emulated-connection.js';
export type { EmulatedOperation, EmulatedRequest, EmulatorOptions } from './emulator-server.js';
export { EmulatorServer } from './emulator-server.js';
export type { EmulatedAnswer, Fault, FaultKind } from './faults.js';
export { FaultPlan } from './faults.js';
export type { JournalEntry } from './journal.js';
export { Journal } from './journal.js';
