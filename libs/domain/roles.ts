/** Who in the office may do what: one table of role × action. */
export const roles = {
  reviewer: { zh: '审核', en: 'Reviewer' },
  finance: { zh: '财务', en: 'Finance' },
  dispatcher: { zh: '寄送', en: 'Dispatcher' },
  auditor: { zh: '审计', en: 'Auditor' },
} as const;
export type Role = keyof typeof roles;

const permissions = {
  'applications.read': ['reviewer', 'finance', 'dispatcher', 'auditor'],
  'materials.read': ['reviewer', 'auditor'],
  'review.claim': ['reviewer'],
  'review.decide': ['reviewer'],
  'credits.read': ['finance', 'auditor'],
  'credits.import': ['finance'],
  'dispatch.read': ['dispatcher', 'auditor'],
  'dispatch.handOver': ['dispatcher'],
  'certificates.read': ['reviewer', 'dispatcher', 'auditor'],
  'audit.read': ['auditor'],
} as const satisfies Record<string, readonly Role[]>;
export type Action = keyof typeof permissions;

export function mayDo(held: readonly Role[], action: Action): boolean {
  const allowed: readonly Role[] = permissions[action];
  return held.some((role) => allowed.includes(role));
}
