/** A statement file that finance brings: it pays one case, and takes back what it tells of another. */
import { statementFileWorkflowId } from '#workflows/contract';
import { casesOf } from '../world/cases.js';
import { openOffice } from '../world/office.js';
import { personalIn, recorded, type Stories } from './telling.js';

const [PAYER, OTHER] = ['成都来单医药有限公司', '成都冲回医药有限公司'];

export async function liveStatements(): Promise<Stories> {
  const office = await openOffice({ plainHistories: true });
  try {
    const cases = casesOf(office);
    const [paid, reversed] = [await cases.awaitingPayment({ name: PAYER }), await cases.awaitingPayment({ name: OTHER })];
    const [one, other] = [await cases.order(paid), await cases.order(reversed)];
    const day = new Date(office.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
    const lines = [
      '交易日期,交易时间,贷方发生额,对方户名,对方账号,摘要,流水号',
      `${day},00:00:01,250.00,${PAYER},6222,${one.reference},STORY001`,
      `${day},00:00:02,250.00,${OTHER},6222,${other.reference},STORY002`,
      `${day},00:00:03,-250.00,${OTHER},6222,冲正 原流水号STORY002,STORY003`,
    ];
    const finance = await cases.desk('finance');
    const { body } = await finance.attempt('POST', '/api/v1/credits/statements', { file: Buffer.from(lines.join('\n')) });
    const { sha256 } = body as { sha256: string };
    const done = async () => (await finance.get<{ state: string }>(`/api/v1/credits/statements/${sha256}`)).state === 'done';
    await office.until(async () => ((await done()) ? true : null), 'the import');
    await cases.reach(paid, 'dispatch');
    return {
      recorded: [await recorded(office, 'import-statement-file', statementFileWorkflowId(sha256))],
      personal: [...(await personalIn(office, cases, [paid, reversed])), one.reference, other.reference],
    };
  } finally {
    await office.close();
  }
}
