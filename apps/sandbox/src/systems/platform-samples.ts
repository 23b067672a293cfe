/** The guide's own example (三(一)2): one organisation with six accounts, two of them approved and four waiting for the administrator. */
import type { AccountKind } from '#domain';

export const SAMPLE_USCC = '91510100MA6GD00067';
/** Of each of them: this is a sandbox. */
export const SAMPLE_PASSWORD = 'sample-0006';

export const sampleAccounts: readonly { account: string; kind: AccountKind; state: 'approved' | 'pending' }[] = [
  { account: 'sc0006', kind: 'drug-production', state: 'approved' },
  { account: 'PS20210055', kind: 'drug-distribution', state: 'approved' },
  { account: 'j0006', kind: 'consumables-overseas', state: 'pending' },
  { account: 'qk20211899', kind: 'consumables-distribution', state: 'pending' },
  { account: 'sj_s0006', kind: 'reagents-domestic-production', state: 'pending' },
  { account: 'sj_j0006', kind: 'reagents-overseas', state: 'pending' },
];
