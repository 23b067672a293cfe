/** Who in the office may do what: one table of role × action. */
export const roles = {
  reviewer: { zh: '审核', en: 'Reviewer' },
  clerk: { zh: '窗口', en: 'Clerk' },
  supervisor: { zh: '主管', en: 'Supervisor' },
  'customer-service': { zh: '客服', en: 'Customer service' },
  finance: { zh: '财务', en: 'Finance' },
  dispatcher: { zh: '寄送', en: 'Dispatcher' },
  operator: { zh: '运维', en: 'Operator' },
  auditor: { zh: '审计', en: 'Auditor' },
} as const;
export type Role = keyof typeof roles;

const permissions = {
  'applications.read': ['reviewer', 'clerk', 'supervisor', 'customer-service', 'finance', 'dispatcher', 'operator', 'auditor'],
  'materials.read': ['reviewer', 'clerk', 'supervisor', 'auditor'],
  'review.claim': ['reviewer', 'clerk'],
  'review.decide': ['reviewer', 'clerk'],
  'window.enter': ['clerk'],
  'window.takePayment': ['clerk'],
  'window.handOver': ['clerk'],
  'window.overrideHours': ['supervisor'],
  'fee.confirm': ['supervisor'],
  'keyRecovery.approve': ['reviewer', 'supervisor'],
  'certificate.suspend': ['customer-service'],
  'unlock.open': ['customer-service'],
  'unlock.decide': ['reviewer', 'supervisor'],
  'agentChange.ask': ['clerk', 'customer-service'],
  'agentChange.decide': ['reviewer', 'supervisor'],
  'case.cancel': ['supervisor'],
  'credits.read': ['finance', 'auditor'],
  'credits.import': ['finance'],
  'credits.explain': ['finance'],
  'credits.agree': ['finance', 'supervisor'],
  'refunds.read': ['finance', 'supervisor', 'auditor'],
  'refunds.propose': ['finance'],
  'refunds.redirect': ['finance'],
  'refunds.decide': ['finance', 'supervisor'],
  'financeCases.read': ['finance', 'auditor'],
  'financeCases.close': ['finance'],
  'invoices.read': ['finance', 'auditor'],
  'invoices.correct': ['finance'],
  'invoices.retry': ['finance'],
  'invoices.sendLink': ['customer-service', 'finance'],
  'reconciliation.read': ['finance', 'auditor'],
  'dispatch.read': ['dispatcher', 'auditor'],
  'letters.read': ['dispatcher', 'supervisor', 'customer-service', 'auditor'],
  'letters.resend': ['dispatcher'],
  'letters.grantReissue': ['supervisor'],
  'dispatch.handOver': ['dispatcher'],
  'calendar.read': ['reviewer', 'clerk', 'supervisor', 'customer-service', 'dispatcher', 'operator', 'auditor'],
  'calendar.set': ['supervisor'],
  'certificates.read': ['reviewer', 'clerk', 'supervisor', 'customer-service', 'dispatcher', 'auditor'],
  'tasks.read': ['supervisor', 'customer-service', 'auditor'],
  'tasks.work': ['supervisor', 'customer-service'],
  'lateCases.read': ['supervisor', 'auditor'],
  'lateCases.work': ['supervisor'],
  'audit.read': ['auditor'],
  'history.read': ['operator', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;
export type Action = keyof typeof permissions;

export function mayDo(held: readonly Role[], action: Action): boolean {
  const allowed: readonly Role[] = permissions[action];
  return held.some((role) => allowed.includes(role));
}
