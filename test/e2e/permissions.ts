/** Who may call what, written down by hand: what the API allows is held against it, operation by operation. */
export const staffRoles = ['reviewer', 'clerk', 'supervisor', 'customer-service', 'finance', 'dispatcher', 'operator', 'auditor'] as const;
export type Caller = 'applicant' | (typeof staffRoles)[number];

const everyone: Caller[] = ['applicant', ...staffRoles];
const applicant: Caller[] = ['applicant'];
/** Who brings an application in: the applicant, a clerk at a window, customer service on the telephone. */
const entering: Caller[] = ['applicant', 'clerk', 'customer-service'];
const correcting: Caller[] = ['applicant', 'clerk'];
const looking: Caller[] = ['applicant', 'reviewer', 'clerk', 'supervisor', 'customer-service', 'dispatcher', 'auditor'];

/** `anybody` needs no session; `signed` needs a signature instead, `link` an address that cannot be guessed. */
export const mayCall: Record<string, 'anybody' | 'signed' | 'link' | Caller[]> = {
  'POST /api/v1/login/codes': 'anybody',
  'POST /api/v1/login': 'anybody',
  'POST /api/v1/login/staff': 'anybody',
  'GET /api/v1/login': everyone,
  'DELETE /api/v1/login': everyone,
  'GET /api/v1/catalogue': 'anybody',
  'GET /api/v1/agreements/{slug}': 'anybody',
  'POST /api/v1/callbacks/bank': 'signed',
  'POST /api/v1/callbacks/bank-payments': 'signed',
  'POST /api/v1/callbacks/platform': 'signed',
  'POST /api/v1/callbacks/sms': 'signed',
  'POST /api/v1/callbacks/sms2': 'signed',
  'POST /api/v1/callbacks/courier': 'signed',

  'POST /api/v1/drafts': entering,
  'GET /api/v1/drafts': entering,
  'GET /api/v1/drafts/{id}': entering,
  'PATCH /api/v1/drafts/{id}': entering,
  'PUT /api/v1/drafts/{id}/materials/{material}': entering,
  'GET /api/v1/drafts/{id}/application-form.pdf': entering,
  'PUT /api/v1/drafts/{id}/consents/{agreement}': entering,
  'POST /api/v1/drafts/{id}/submission': entering,
  'POST /api/v1/drafts/{id}/challenge': entering,
  'POST /api/v1/drafts/{id}/hours-waiver': ['supervisor'],

  'GET /api/v1/account-bindings': looking,
  'POST /api/v1/account-bindings': applicant,
  'POST /api/v1/account-bindings/{kind}/unbinding': applicant,

  'GET /api/v1/applications': applicant,
  'GET /api/v1/applications/{id}': everyone,
  'GET /api/v1/applications/{id}/timeline': everyone,
  'GET /api/v1/applications/{id}/order': applicant,
  'POST /api/v1/applications/{id}/phone-verification': applicant,
  'POST /api/v1/applications/{id}/phone-verification/code': applicant,
  'GET /api/v1/applications/{id}/correction': correcting,
  'PATCH /api/v1/applications/{id}/correction': correcting,
  'PUT /api/v1/applications/{id}/materials/{material}': correcting,
  'POST /api/v1/applications/{id}/correction/submission': correcting,
  'POST /api/v1/applications/{id}/withdrawal': applicant,
  'POST /api/v1/applications/{id}/cancellation': ['supervisor'],
  'GET /api/v1/applications/{id}/certificates/{index}/{kind}.pem': looking,
  'GET /api/v1/applications/{id}/seals/{index}/{form}': looking,
  'GET /api/v1/applications/{id}/documents/{kind}/{index}.pdf': ['dispatcher', 'clerk'],
  'GET /api/v1/applications/{id}/documents/token-label/{index}.pdf': ['dispatcher'],
  'POST /api/v1/applications/{id}/documents/token-label/{index}/reprinting': ['dispatcher'],
  'GET /api/v1/applications/{id}/audit.jsonl': ['auditor'],

  'GET /api/v1/agent-changes': ['applicant', 'reviewer', 'supervisor'],
  'PUT /api/v1/agent-changes/{id}/materials/{material}': correcting,
  'POST /api/v1/agent-changes/{id}/hours-waiver': ['supervisor'],
  'POST /api/v1/agent-changes/{id}': entering,
  'POST /api/v1/agent-changes/{id}/decision': ['reviewer', 'supervisor'],
  'POST /api/v1/agent-changes/{id}/confirmation': applicant,
  'POST /api/v1/agent-changes/{id}/code': applicant,

  'GET /api/v1/reviews': ['reviewer', 'clerk'],
  'POST /api/v1/reviews/{id}/claim': ['reviewer', 'clerk'],
  'DELETE /api/v1/reviews/{id}/claim': ['reviewer', 'clerk'],
  'GET /api/v1/reviews/{id}/materials/{material}': ['reviewer', 'clerk', 'supervisor', 'auditor'],
  'POST /api/v1/reviews/{id}/decision': ['reviewer', 'clerk'],

  'GET /api/v1/notifications': applicant,
  'PUT /api/v1/notifications': applicant,
  'GET /api/v1/notifications/templates': [...staffRoles],

  'GET /api/v1/certificates': looking,
  'POST /api/v1/installations/challenges': 'anybody',
  'POST /api/v1/installations/requests': 'anybody',
  'POST /api/v1/installations/confirmation-challenges': 'anybody',
  'POST /api/v1/installations/confirmations': 'anybody',
  'POST /api/v1/demo/holders': 'anybody',
  'POST /api/v1/demo/letters': 'anybody',
  'POST /api/v1/demo/friday-looks': ['dispatcher'],
  'POST /api/v1/windows/{window}/queue': 'anybody',
  'GET /api/v1/windows/{window}/queue': 'anybody',
  'POST /api/v1/windows/{window}/queue/calls': ['clerk'],

  'GET /api/v1/window/{id}/order': ['clerk'],
  'POST /api/v1/window/{id}/fee': ['supervisor'],
  'POST /api/v1/window/{id}/payment': ['clerk'],
  'POST /api/v1/window/{id}/key-recovery': ['reviewer', 'supervisor'],
  'POST /api/v1/window/{id}/hand-over': ['clerk'],
  'PUT /api/v1/window/{id}/materials/{material}': ['clerk'],
  'POST /api/v1/window/{id}/form': ['clerk'],

  'GET /api/v1/unlocks/holders/{serial}': ['customer-service'],
  'POST /api/v1/unlocks/tickets': ['customer-service'],
  'GET /api/v1/unlocks/tickets': ['reviewer', 'supervisor', 'customer-service'],
  'POST /api/v1/unlocks/tickets/{id}/decision': ['reviewer', 'supervisor'],
  'POST /api/v1/unlocks': 'anybody',

  'GET /api/v1/tasks': ['supervisor', 'customer-service', 'auditor'],
  'POST /api/v1/tasks/{id}/claim': ['supervisor', 'customer-service'],
  'POST /api/v1/tasks/{id}/done': ['supervisor', 'customer-service'],
  'GET /api/v1/calendar/{year}': ['reviewer', 'clerk', 'supervisor', 'customer-service', 'dispatcher', 'operator', 'auditor'],
  'PUT /api/v1/calendar/days/{day}': ['supervisor'],
  'POST /api/v1/calendar/days/{day}/withdrawal': ['supervisor'],

  'GET /api/v1/credits': ['finance', 'auditor'],
  'POST /api/v1/credits/statements/{day}': ['finance'],
  'POST /api/v1/credits/statements': ['finance'],
  'GET /api/v1/credits/statements': ['finance', 'auditor'],
  'GET /api/v1/credits/statements/{sha256}': ['finance', 'auditor'],
  'GET /api/v1/credits/statements/{sha256}/entries': ['finance', 'auditor'],

  'POST /api/v1/credits/{id}/explanations': ['finance'],
  'GET /api/v1/credit-explanations': ['finance', 'supervisor', 'auditor'],
  'POST /api/v1/credit-explanations/{id}/decision': ['finance', 'supervisor'],
  'GET /api/v1/refunds': ['finance', 'supervisor', 'auditor'],
  'POST /api/v1/refunds': ['finance'],
  'POST /api/v1/refunds/{id}/payee': ['finance'],
  'POST /api/v1/refunds/{id}/decision': ['finance', 'supervisor'],
  'GET /api/v1/invoices': ['finance', 'auditor'],
  'POST /api/v1/invoices/{invoiceId}/retry': ['finance'],
  'POST /api/v1/applications/{id}/invoice-corrections': ['applicant', 'finance'],
  'POST /api/v1/applications/{id}/invoices/{invoiceId}/link': applicant,
  'POST /api/v1/applications/{id}/invoices/{invoiceId}/link-message': ['customer-service', 'finance'],
  'GET /api/v1/invoice-links/{token}': 'link',
  'GET /api/v1/invoice-links/{token}/invoice.pdf': 'link',
  'GET /api/v1/invoice-links/{token}/invoice.xml': 'link',
  'GET /api/v1/finance-cases': ['finance', 'auditor'],
  'POST /api/v1/finance-cases/{id}/closure': ['finance'],
  'GET /api/v1/reconciliations/{day}': ['finance', 'auditor'],
  'GET /api/v1/reconciliations/{day}/reconciliation.xlsx': ['finance', 'auditor'],
  'GET /api/v1/reconciliations/{day}/reconciliation.pdf': ['finance', 'auditor'],

  'GET /api/v1/dispatches/{day}': ['dispatcher', 'auditor'],
  'POST /api/v1/dispatches/{day}': ['dispatcher'],
  'POST /api/v1/dispatches/{day}/hand-over': ['dispatcher'],
  'GET /api/v1/letters/{number}': ['dispatcher', 'supervisor', 'customer-service', 'auditor'],
  'POST /api/v1/letters/{number}/resending': ['dispatcher'],
  'POST /api/v1/letters/{number}/free-reissue': ['supervisor'],
  'GET /api/v1/dispatches/{day}/report': ['dispatcher', 'auditor'],
  'GET /api/v1/dispatches/{day}/pick-list.pdf': ['dispatcher', 'auditor'],
  'GET /api/v1/dispatches/{day}/dispatch-list.pdf': ['dispatcher', 'auditor'],
};

export interface Operation {
  method: string;
  path: string;
}

export const operations: Operation[] = Object.keys(mayCall).map((each) => {
  const [method = '', path = ''] = each.split(' ');
  return { method, path };
});
