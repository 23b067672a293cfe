/** The organisation of the demonstration: invented, with numbers whose check digits are right. */
import { randomInt } from 'node:crypto';
import { usccCheckDigit, usccProblem, type ApplicationForm } from '#domain';

export interface DemoChoice {
  name?: string;
  uscc?: string;
  agent?: string;
}

/** Region 510100 (Chengdu), category 91 (company), a random organisation part. */
function inventUscc(): string {
  const first17 = `91510100MA${Array.from({ length: 7 }, () => '0123456789ABCDEFGHJKLMNPQRTUWXY'.charAt(randomInt(31))).join('')}`;
  return first17 + usccCheckDigit(first17);
}

/** Phones of a block that is not given out to people. */
export const inventPhone = () => `1710000${String(randomInt(10_000)).padStart(4, '0')}`;

export function demoForm(
  { name = '成都信印示范医药有限公司', uscc = inventUscc(), agent = '李经办' }: DemoChoice,
  agentPhone: string,
): ApplicationForm {
  const problem = usccProblem(uscc);
  if (problem) throw new Error(`--uscc ${uscc}: ${problem}`);
  return {
    organisation: { certificateName: name, uscc, province: '四川省', city: '成都市' },
    // A made-up number: region 510104, born 1990-01-01, sequence 001, check digit by ISO 7064 MOD 11-2.
    agent: { name: agent, identityNumber: '510104199001010019', phone: agentPhone },
    delivery: { recipient: agent, phone: agentPhone, address: '四川省成都市高新区交子大道 333 号 508', postcode: '610041' },
    roleAccount: { kind: 'drug-distribution', account: `PS${uscc.slice(-8)}` },
    certificates: { count: 1, years: 2 },
    remarks: '演示申请',
  };
}
