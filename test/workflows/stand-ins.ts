/**
 * Stand-ins for the activities, typed by the real ones and sorted by the queue that has them, so that a workflow which asks the wrong
 * queue is not answered here either. Each answers as on a day when all goes well; a test replaces the one it is about.
 */
import type {
  Activities,
  createBusinessActivities,
  createDocumentActivities,
  createPkiActivities,
  createStationActivities,
} from '#activities';
import type { ReviewOutcome } from '#domain';
import type { Queue } from '#workflows/contract';

type StandIn<Name extends keyof Activities> = (input: Parameters<Activities[Name]>[0]) => Promise<Awaited<ReturnType<Activities[Name]>>>;
type Of<Made> = { [Name in keyof Made & keyof Activities]: StandIn<Name> };

export type StandIns = { [Name in keyof Activities]: StandIn<Name> };
export type ActivityName = keyof Activities;

/** A decision's id says what was decided, so that a test reads without a table beside it. */
const outcomeIn = (decisionId: string) => decisionId.split('/')[0] as ReviewOutcome;
const done = () => Promise.resolve();

export const business: Of<ReturnType<typeof createBusinessActivities>> = {
  closeCase: done,
  parkCase: done,
  resumeCase: done,
  findLeftBehind: () => Promise.resolve({ suspension: false, binding: false, agentChangeId: null }),
  recordReset: done,
  openPhoneVerification: () => Promise.resolve({ agentVerified: true }),
  recordPhoneVerified: done,
  sendAgentCode: done,
  openAgentChange: done,
  decideAgentChange: done,
  sendAgentChangeCode: done,
  applyAgentChange: done,
  endAgentChange: done,
  openReview: done,
  applyDecision: ({ decisionId }) => Promise.resolve(outcomeIn(decisionId)),
  openCorrection: done,
  applyCorrection: () => Promise.resolve({ hands: [] }),
  dueReminders: () => Promise.resolve({ reminders: [] }),
  sendReminder: () => Promise.resolve({ result: 'sent' }),
  deleteOldDrafts: () => Promise.resolve({ deleted: 0 }),
  markOverdue: () => Promise.resolve({ marked: 0, overdue: 0 }),
  interruptCase: done,
  orderFee: done,
  openFeeConfirmation: () => Promise.resolve({ published: false }),
  confirmFee: done,
  openWindowPayment: () => Promise.resolve({ due: true }),
  takeWindowPayment: done,
  openKeyRecovery: done,
  approveKeyRecovery: () => Promise.resolve({ approvals: 1 }),
  openInstallation: done,
  confirmInstallation: done,
  openPlatformApproval: done,
  submitBinding: done,
  applyPlatformDecision: ({ decisionId }) => Promise.resolve(decisionId.startsWith('approved') ? 'approved' : 'refused'),
  unbindAccount: done,
  rebindAccounts: done,
  revokePredecessor: () => Promise.resolve({ revoked: true }),
  requireSubject: done,
  recordForm: ({ by }) => Promise.resolve({ hands: [by] }),
  suspendPredecessor: done,
  releasePredecessor: done,
  openUnlockApproval: done,
  decideUnlock: done,
  sendUnlockCode: done,
  openUnlocking: done,
  finishApplication: done,
  openHandOver: done,
  signHandOver: done,
  openOrder: () => Promise.resolve('open'),
  decideCredit: () => Promise.resolve({ applicationId: null, result: 'held' }),
  reverseCredit: () => Promise.resolve({ reopened: [], withdrawn: [] }),
  openExplanation: () => Promise.resolve({ proposedBy: '0198c0de-0000-7000-8000-0000000000f1', secondPerson: true }),
  closeExplanation: ({ outcome }) =>
    Promise.resolve({ state: outcome === 'approved' ? 'applied' : 'rejected', creditId: 'credit-1', told: null }),
  openRefund: () => Promise.resolve({ state: 'due', attempt: 1, proposedBy: null, payeeGivenBy: null, payable: true, rejectable: false }),
  decideRefund: ({ outcome }) => Promise.resolve(outcome === 'approved' ? 'approved' : 'withdrawn'),
  redirectRefund: () =>
    Promise.resolve({ state: 'due', attempt: 2, proposedBy: null, payeeGivenBy: null, payable: true, rejectable: false }),
  settleRefund: () => Promise.resolve(undefined),
  failRefund: done,
  noteUnclearRefund: done,
  noteResumedRefund: done,
  orderRefund: () => Promise.resolve({ status: 'accepted' }),
  askRefund: () => Promise.resolve({ status: 'settled' }),
  confirmPayment: done,
  expireOrder: () => Promise.resolve({ expired: true }),
  startIssuance: () => Promise.resolve({ count: 1 }),
  completeApplication: () => Promise.resolve({ day: '2026-03-06', late: false }),
  openBatch: () => Promise.resolve({ holiday: false, packed: 0 }),
  collectItems: () => Promise.resolve({ items: [] }),
  carryItem: done,
  handOverLetters: () => Promise.resolve({ more: false }),
  handedOver: () => Promise.resolve({ items: [] }),
  leftLetters: () => Promise.resolve({ items: [] }),
  carryItems: done,
  closeBatch: done,
  promisesToMove: () => Promise.resolve({ moves: [], next: null }),
  moveItem: () => Promise.resolve({ time: 1 }),
  fridaysToMakeUp: () => Promise.resolve({ days: [] }),
  missedLetters: () => Promise.resolve({ items: [] }),
  carryMissed: done,
  missedFriday: () => Promise.resolve({ completedAt: '2026-03-03T02:00:00.000Z' }),
  fridaysToMakeUpAt: () => Promise.resolve({ days: [] }),
  applyCourierEvent: () => Promise.resolve(null),
  sendSms: done,
  decideDelivery: () => Promise.resolve({ do: 'nothing' }),
  recordNotTaken: done,
  handToSecond: done,
  followMessages: () => Promise.resolve({ started: 0 }),
  orderInvoice: () => Promise.resolve('ordered'),
  wakeInvoices: done,
  issueDueInvoices: () => Promise.resolve([]),
  noteInvoicesTold: done,
  openInvoiceCorrection: () => Promise.resolve({ applicationId: 'case-1', invoiceId: 'invoice-2' }),
  closeInvoiceCorrection: done,
  requeueInvoice: done,
  renewInvoiceLink: done,
  proposeRefund: () => Promise.resolve({ refundIds: ['refund-1'] }),
  importStatement: () => Promise.resolve({ lines: 0, added: [] }),
  fetchStatement: () => Promise.resolve({ sha256: '0'.repeat(64) }),
  readStatement: () => Promise.resolve({ state: 'recording', entries: 0 }),
  recordStatementPart: done,
  linkReversals: () => Promise.resolve({ reversed: [] }),
  decideStatementPart: () => Promise.resolve({ notices: [] }),
  linkPaidRefunds: () => Promise.resolve({ paid: [] }),
  statementNotices: () => Promise.resolve({ notices: [] }),
  closeStatement: () => Promise.resolve({ lines: 0, added: 0 }),
};

export const documents: Of<ReturnType<typeof createDocumentActivities>> = {
  printApplicationForm: () => Promise.resolve({ sha256: '0'.repeat(64) }),
  bindItem: () => Promise.resolve({ certified: true }),
  packItem: done,
  resetLabel: done,
  printDispatchList: done,
  printTokenLabel: done,
  printReceipt: done,
  printReconciliation: () => Promise.resolve({ sha256: '0'.repeat(64) }),
};

export const pki: Of<ReturnType<typeof createPkiActivities>> = {
  issueCertificates: done,
  makeSeal: done,
  publishCrl: () => Promise.resolve({ number: 1 }),
  checkpointAudit: () => Promise.resolve({ number: 1, entries: 5, chains: 1, fresh: true }),
  certifyResponders: () => Promise.resolve({ certified: 0, refused: 0 }),
};

export const station: Of<ReturnType<typeof createStationActivities>> = {
  makeSigningKey: done,
  writeToken: done,
  answerUnlock: done,
};

export const onQueue: Record<Queue, Partial<StandIns>> = { business, documents, pki, station };
