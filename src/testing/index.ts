export { VirtualClock } from './clock.js';
export type {
  ConformancePages,
  ConformanceTarget,
  DriverHarness,
  FaultyService,
  SentResume,
} from './conformance/harness.js';
export type { ConformanceReport, ConformanceRow } from './conformance/report.js';
export { failuresOf } from './conformance/report.js';
export type { ConformanceRunner } from './conformance/suite.js';
export { describeDriverConformance, reportDriverConformance } from './conformance/suite.js';
export type { DescribedEmulator, EmulatedConnection, EmulatorSettings } from './emulated-connection.js';
export type { EmulatedOperation, EmulatedRequest, EmulatorOptions } from './emulator-server.js';
export { EmulatorServer } from './emulator-server.js';
export type { ExpectedResume } from './fake/expect-resumed.js';
export { expectNotResumed, expectResumed } from './fake/expect-resumed.js';
export type { FakeResumed } from './fake/fake-driver.js';
export type { FakeCall, FakeOptions } from './fake/fake-workflow.js';
export { FakeWorkflow, fakeWorkflow } from './fake/fake-workflow.js';
export type { FakeRule } from './fake/rule.js';
export type {
  FakeAcceptance,
  FakeLoss,
  FakeMatch,
  FakeNode,
  FakeRefusal,
  FakeStanding,
  FakeTiming,
} from './fake/script.js';
export type { EmulatedAnswer, Fault, FaultKind } from './faults.js';
export { FaultPlan } from './faults.js';
export type { JournalEntry } from './journal.js';
export { Journal } from './journal.js';
export type { LedgerUnderTest, SuiteRunner } from './ledger-suite.js';
export { testResumeLedger } from './ledger-suite.js';
