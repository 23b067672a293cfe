/**
 * Which endpoint is sent damaged requests, and by which spec: every one that changes something stands here once, or is left out with a reason.
 * test/arch/damaged-endpoints.spec.ts holds that against docs/openapi.json, so that a new endpoint is not forgotten.
 */
import type { Operation } from '../permissions.js';

/** By the spec of this folder that sends them, and there in this order: what ends a case comes when nobody needs it any more. */
export const damagedGroups = {
  cases: {
    drafts: [
      'POST /api/v1/drafts',
      'PATCH /api/v1/drafts/{id}',
      'PUT /api/v1/drafts/{id}/materials/{material}',
      'PUT /api/v1/drafts/{id}/consents/{agreement}',
      'POST /api/v1/drafts/{id}/challenge',
      'POST /api/v1/drafts/{id}/hours-waiver',
      'POST /api/v1/drafts/{id}/submission',
    ],
    applications: ['POST /api/v1/applications/{id}/phone-verification/code', 'POST /api/v1/applications/{id}/phone-verification'],
    reviews: ['DELETE /api/v1/reviews/{id}/claim', 'POST /api/v1/reviews/{id}/claim', 'POST /api/v1/reviews/{id}/decision'],
    corrections: [
      'PATCH /api/v1/applications/{id}/correction',
      'PUT /api/v1/applications/{id}/materials/{material}',
      'POST /api/v1/applications/{id}/correction/submission',
    ],
    'agent changes': [
      'PUT /api/v1/agent-changes/{id}/materials/{material}',
      'POST /api/v1/agent-changes/{id}/hours-waiver',
      'POST /api/v1/agent-changes/{id}',
      'POST /api/v1/agent-changes/{id}/decision',
      'POST /api/v1/agent-changes/{id}/code',
      'POST /api/v1/agent-changes/{id}/confirmation',
    ],
    windows: [
      'POST /api/v1/windows/{window}/queue',
      'POST /api/v1/windows/{window}/queue/calls',
      'PUT /api/v1/window/{id}/materials/{material}',
      'POST /api/v1/window/{id}/fee',
      'POST /api/v1/window/{id}/payment',
      'POST /api/v1/window/{id}/key-recovery',
      'POST /api/v1/window/{id}/hand-over',
      'POST /api/v1/window/{id}/form',
    ],
    installations: [
      'POST /api/v1/installations/challenges',
      'POST /api/v1/installations/requests',
      'POST /api/v1/installations/confirmation-challenges',
      'POST /api/v1/installations/confirmations',
    ],
    'account bindings': ['POST /api/v1/account-bindings', 'POST /api/v1/account-bindings/{kind}/unbinding'],
    unlocking: ['POST /api/v1/unlocks/tickets', 'POST /api/v1/unlocks/tickets/{id}/decision', 'POST /api/v1/unlocks'],
    notifications: ['PUT /api/v1/notifications'],
    tasks: ['POST /api/v1/tasks/{id}/claim', 'POST /api/v1/tasks/{id}/done'],
    letters: [
      'POST /api/v1/applications/{id}/documents/token-label/{index}/reprinting',
      'POST /api/v1/letters/{number}/resending',
      'POST /api/v1/letters/{number}/free-reissue',
      'POST /api/v1/dispatches/{day}',
      'POST /api/v1/dispatches/{day}/hand-over',
    ],
    calendar: ['PUT /api/v1/calendar/days/{day}', 'POST /api/v1/calendar/days/{day}/withdrawal'],
    demonstrations: ['POST /api/v1/demo/holders', 'POST /api/v1/demo/letters', 'POST /api/v1/demo/friday-looks'],
    callbacks: [
      'POST /api/v1/callbacks/bank',
      'POST /api/v1/callbacks/bank-payments',
      'POST /api/v1/callbacks/platform',
      'POST /api/v1/callbacks/sms',
      'POST /api/v1/callbacks/sms2',
      'POST /api/v1/callbacks/courier',
    ],
    // For the engine's own screens alone, and not in the published interface.
    codec: ['POST /api/v1/codec/decode', 'POST /api/v1/codec/encode'],
    login: ['POST /api/v1/login/codes', 'POST /api/v1/login', 'POST /api/v1/login/staff'],
    endings: ['POST /api/v1/applications/{id}/withdrawal', 'POST /api/v1/applications/{id}/cancellation'],
  },
  money: {
    statements: ['POST /api/v1/credits/statements', 'POST /api/v1/credits/statements/{day}'],
    explanations: ['POST /api/v1/credits/{id}/explanations', 'POST /api/v1/credit-explanations/{id}/decision'],
    refunds: ['POST /api/v1/refunds/{id}/payee', 'POST /api/v1/refunds/{id}/decision', 'POST /api/v1/refunds'],
    invoices: [
      'POST /api/v1/invoices/{invoiceId}/retry',
      'POST /api/v1/applications/{id}/invoices/{invoiceId}/link',
      'POST /api/v1/applications/{id}/invoices/{invoiceId}/link-message',
      'POST /api/v1/applications/{id}/invoice-corrections',
    ],
    'cases of finance': ['POST /api/v1/finance-cases/{id}/closure'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;
export type DamagedSuite = keyof typeof damagedGroups;

/** Why an endpoint is sent none. */
export const leftOut: Record<string, string> = {
  'DELETE /api/v1/login':
    'takes neither a body nor an id, and ends the session of whoever sends it: all that follow would be refused at the door. login.spec.ts has what it refuses.',
};

export const operationOf = (name: string): Operation => {
  const [method = '', path = ''] = name.split(' ');
  return { method, path };
};
