import { mayDo, roles, type Action, type Role } from './roles.js';

/** Columns: reviewer, clerk, supervisor, customer service, finance, dispatcher, operator, auditor. */
const TABLE: Record<Action, string> = {
  'applications.read': 'yes yes yes yes yes yes yes yes',
  'materials.read': 'yes yes yes no no no no yes',
  'review.claim': 'yes yes no no no no no no',
  'review.decide': 'yes yes no no no no no no',
  'window.enter': 'no yes no no no no no no',
  'window.takePayment': 'no yes no no no no no no',
  'window.handOver': 'no yes no no no no no no',
  'window.overrideHours': 'no no yes no no no no no',
  'fee.confirm': 'no no yes no no no no no',
  'keyRecovery.approve': 'yes no yes no no no no no',
  'certificate.suspend': 'no no no yes no no no no',
  'unlock.open': 'no no no yes no no no no',
  'unlock.decide': 'yes no yes no no no no no',
  'agentChange.ask': 'no yes no yes no no no no',
  'agentChange.decide': 'yes no yes no no no no no',
  'case.cancel': 'no no yes no no no no no',
  'credits.read': 'no no no no yes no no yes',
  'credits.import': 'no no no no yes no no no',
  'credits.explain': 'no no no no yes no no no',
  'credits.agree': 'no no yes no yes no no no',
  'refunds.read': 'no no yes no yes no no yes',
  'refunds.propose': 'no no no no yes no no no',
  'refunds.redirect': 'no no no no yes no no no',
  'refunds.decide': 'no no yes no yes no no no',
  'financeCases.read': 'no no no no yes no no yes',
  'financeCases.close': 'no no no no yes no no no',
  'invoices.read': 'no no no no yes no no yes',
  'invoices.correct': 'no no no no yes no no no',
  'invoices.retry': 'no no no no yes no no no',
  'invoices.sendLink': 'no no no yes yes no no no',
  'reconciliation.read': 'no no no no yes no no yes',
  'dispatch.read': 'no no no no no yes no yes',
  'dispatch.handOver': 'no no no no no yes no no',
  'letters.read': 'no no yes yes no yes no yes',
  'letters.resend': 'no no no no no yes no no',
  'letters.grantReissue': 'no no yes no no no no no',
  'calendar.read': 'yes yes yes yes no yes yes yes',
  'calendar.set': 'no no yes no no no no no',
  'certificates.read': 'yes yes yes yes no yes no yes',
  'tasks.read': 'no no yes yes no no no yes',
  'tasks.work': 'no no yes yes no no no no',
  'lateCases.read': 'no no yes no no no no yes',
  'lateCases.work': 'no no yes no no no no no',
  'audit.read': 'no no no no no no no yes',
  'history.read': 'no no no no no no yes yes',
};
const COLUMNS: readonly Role[] = ['reviewer', 'clerk', 'supervisor', 'customer-service', 'finance', 'dispatcher', 'operator', 'auditor'];
const cells = (Object.entries(TABLE) as [Action, string][]).flatMap(([action, row]) =>
  row.split(' ').map((answer, column) => [COLUMNS[column] as Role, action, answer] as const),
);

describe('who may do what', () => {
  it('the table has every role', () => {
    expect(Object.keys(roles).sort()).toEqual([...COLUMNS].sort());
  });

  it.each(cells)('D permissions: %s, %s: %s', (role, action, answer) => {
    expect(mayDo([role], action)).toBe(answer === 'yes');
  });

  it('D permissions: an auditor changes nothing', () => {
    const changes: Action[] = [
      'review.claim',
      'review.decide',
      'window.enter',
      'window.takePayment',
      'window.handOver',
      'window.overrideHours',
      'fee.confirm',
      'keyRecovery.approve',
      'certificate.suspend',
      'unlock.open',
      'unlock.decide',
      'agentChange.ask',
      'agentChange.decide',
      'case.cancel',
      'credits.import',
      'dispatch.handOver',
      'tasks.work',
      'lateCases.work',
      'letters.resend',
      'letters.grantReissue',
      'calendar.set',
    ];
    expect(changes.filter((action) => mayDo(['auditor'], action))).toEqual([]);
  });

  it.each(Object.keys(TABLE) as Action[])('without a role nobody may %s', (action) => {
    expect(mayDo([], action)).toBe(false);
  });

  it('two roles may what either may', () => {
    expect(mayDo(['finance', 'dispatcher'], 'dispatch.handOver')).toBe(true);
    expect(mayDo(['finance', 'dispatcher'], 'review.decide')).toBe(false);
  });
});
