/** Who may call what, written down by hand: what the API allows is held against it, operation by operation. */
export const staffRoles = ['reviewer', 'finance', 'dispatcher', 'auditor'] as const;
export type Caller = 'applicant' | (typeof staffRoles)[number];

const everyone: Caller[] = ['applicant', ...staffRoles];
const applicant: Caller[] = ['applicant'];

/** `anybody` needs no session; `signed` needs a signature instead. */
export const mayCall: Record<string, 'anybody' | 'signed' | Caller[]> = {
  'POST /api/v1/login/codes': 'anybody',
  'POST /api/v1/login': 'anybody',
  'POST /api/v1/login/staff': 'anybody',
  'GET /api/v1/login': everyone,
  'DELETE /api/v1/login': everyone,
  'GET /api/v1/catalogue': 'anybody',
  'GET /api/v1/agreements/{slug}': 'anybody',
  'POST /api/v1/callbacks/bank': 'signed',

  'POST /api/v1/drafts': applicant,
  'GET /api/v1/drafts': applicant,
  'GET /api/v1/drafts/{id}': applicant,
  'PATCH /api/v1/drafts/{id}': applicant,
  'PUT /api/v1/drafts/{id}/materials/{material}': applicant,
  'GET /api/v1/drafts/{id}/application-form.pdf': applicant,
  'PUT /api/v1/drafts/{id}/consents/{agreement}': applicant,
  'POST /api/v1/drafts/{id}/submission': applicant,

  'GET /api/v1/applications': applicant,
  'GET /api/v1/applications/{id}': everyone,
  'GET /api/v1/applications/{id}/timeline': everyone,
  'GET /api/v1/applications/{id}/order': applicant,
  'POST /api/v1/applications/{id}/phone-verification': applicant,
  'POST /api/v1/applications/{id}/phone-verification/code': applicant,
  'GET /api/v1/applications/{id}/correction': applicant,
  'PATCH /api/v1/applications/{id}/correction': applicant,
  'PUT /api/v1/applications/{id}/materials/{material}': applicant,
  'POST /api/v1/applications/{id}/correction/submission': applicant,
  'GET /api/v1/applications/{id}/certificates/{index}/{kind}.pem': ['applicant', 'reviewer', 'dispatcher', 'auditor'],
  'GET /api/v1/applications/{id}/seals/{index}/{form}': ['applicant', 'reviewer', 'dispatcher', 'auditor'],
  'GET /api/v1/applications/{id}/documents/{kind}/{index}.pdf': ['dispatcher'],
  'GET /api/v1/applications/{id}/audit.jsonl': ['auditor'],

  'GET /api/v1/reviews': ['reviewer'],
  'POST /api/v1/reviews/{id}/claim': ['reviewer'],
  'DELETE /api/v1/reviews/{id}/claim': ['reviewer'],
  'GET /api/v1/reviews/{id}/materials/{material}': ['reviewer', 'auditor'],
  'POST /api/v1/reviews/{id}/decision': ['reviewer'],

  'GET /api/v1/unlocks/holders/{serial}': [],
  'POST /api/v1/unlocks/tickets': [],
  'GET /api/v1/unlocks/tickets': ['reviewer'],
  'POST /api/v1/unlocks/tickets/{id}/decision': ['reviewer'],
  'POST /api/v1/unlocks': 'anybody',

  'GET /api/v1/credits': ['finance', 'auditor'],
  'POST /api/v1/credits/statements/{day}': ['finance'],

  'GET /api/v1/dispatches/{day}': ['dispatcher', 'auditor'],
  'POST /api/v1/dispatches/{day}': ['dispatcher'],
  'POST /api/v1/dispatches/{day}/hand-over': ['dispatcher'],
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
