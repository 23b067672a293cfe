/** The bank takes a credit back: its statement says so, finance brings the file, and a case of finance is opened. Nothing is revoked. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shanghaiDay } from '#domain';
import { nameOf, yuan, type Awaiting } from './awaiting.js';
import { decided } from './finance.js';
import { pemOf } from './files.js';
import type { Scene } from './holder.js';
import { fetched } from './kept.js';
import type { Person } from './person.js';
import { staff } from './story.js';

const run = promisify(execFile);
const STATEMENTS = '/api/v1/credits/statements';
const HEADINGS = '记账日期,借方发生额,贷方发生额,对方户名,对方账号,附言,交易流水号,原交易流水号';

export async function reversedByBank(scene: Scene, awaiting: Awaiting, bankReference: string): Promise<void> {
  const { office, teller } = scene;
  const finance = await staff(office, 'finance');
  await teller.step(
    '对账单含冲正 Finance brings the statement in which the bank takes it back',
    () => bringStatement(scene, finance, statementOf(awaiting, bankReference)),
    (entries) => entries.map(({ outcome }) => outcome).join(', '),
  );
  await teller.step(
    '财务事项 A case of finance is opened, and closed by a person',
    async () => {
      const credit = await decided(scene, finance, bankReference);
      if (credit.state !== 'reversed') throw new Error(`the credit is ${credit.state}`);
      const find = async () => (await finance.get<Case[]>('/api/v1/finance-cases')).find(({ creditId }) => creditId === credit.id) ?? null;
      const found = await teller.until(find, 'the case of finance');
      await finance.post(`/api/v1/finance-cases/${found.id}/closure`, { note: '演示：已与单位约定补缴' });
      return found;
    },
    ({ kind, amountFen }) => `${kind}, ${yuan(amountFen)}`,
  );
  await teller.step('证书不受影响 Nothing is revoked: OCSP says', () => statusOf(scene, awaiting));
}

interface Case {
  id: string;
  kind: string;
  creditId: string | null;
  amountFen: number;
}

/** The transfer as it was, and the same money going back under a reference of its own. */
function statementOf(awaiting: Awaiting, bankReference: string): Buffer {
  const day = shanghaiDay(new Date());
  const { amountFen, reference } = awaiting.order;
  const amount = (amountFen / 100).toFixed(2);
  const account = '6222000000000000';
  const lines = [
    HEADINGS,
    `${day},,${amount},${nameOf(awaiting)},${account},${reference},${bankReference},`,
    `${day},,-${amount},${nameOf(awaiting)},${account},冲正,R${bankReference},${bankReference}`,
  ];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
}

async function bringStatement({ teller }: Scene, finance: Person, file: Buffer): Promise<{ outcome: string }[]> {
  const { status, body } = await finance.attempt('POST', STATEMENTS, { file });
  if (status !== 202) throw new Error(`the statement was answered with ${status}`);
  const { sha256 } = body as { sha256: string };
  await teller.until(async () => {
    const { state, refusal } = await finance.get<{ state: string; refusal: { en: string } | null }>(`${STATEMENTS}/${sha256}`);
    if (refusal) throw new Error(refusal.en);
    return state === 'done' ? true : null;
  }, 'the import of the statement');
  return finance.get<{ outcome: string }[]>(`${STATEMENTS}/${sha256}/entries`);
}

/** Other people's software asks the responder. */
async function statusOf({ office }: Scene, { id }: Awaiting): Promise<string> {
  const auditor = await staff(office, 'auditor');
  const folder = mkdtempSync(join(tmpdir(), 'xinyin-demo-'));
  try {
    const [issuer, certificate] = [join(folder, 'issuing-ca.pem'), join(folder, 'signing.pem')];
    writeFileSync(issuer, pemOf(await fetched(`${office.responder}/ca/issuing.cer`)));
    writeFileSync(certificate, await auditor.download(`/api/v1/applications/${id}/certificates/1/signing.pem`));
    const asked = ['ocsp', '-url', `${office.responder}/ocsp`, '-noverify', '-issuer', issuer, '-cert', certificate];
    const { stdout } = await run('openssl', asked);
    const status = /^.*: (good|revoked|unknown)$/m.exec(stdout)?.[1];
    if (status !== 'good') throw new Error(`the responder says ${status ?? stdout}`);
    return status;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
