/** 日对账单 as it leaves the printer, by a real browser. */
import { fen, reconcile, calendarDay } from '#domain';
import { openDocuments, type Documents } from '#documents';
import { getDocumentProxy } from 'unpdf';

describe('the reconciliation on paper', () => {
  let documents: Documents;
  beforeAll(async () => {
    documents = await openDocuments();
  }, 60_000);
  afterAll(() => documents.close(), 60_000);

  it('holds the day, its figures, the accounts and each difference in both languages, on as many pages as that takes', async () => {
    const day = calendarDay('2026-03-05');
    const balances = { received: fen(33_400), held: fen(7_900), earned: fen(25_000), 'to-refund': fen(500), refunded: fen(0) };
    const held = (count: number) =>
      Array.from({ length: count }, (_, place) => ({
        reference: `20260305${String(place).padStart(8, '0')}`,
        amountFen: fen(7_000),
        bookedOn: day,
        postedOn: day,
        reversedOn: null,
        inLedgerFen: fen(7_000),
        givenFen: fen(0),
        state: 'held' as const,
        heldReason: 'wrong-payer' as const,
        windowReceipt: false,
      }));
    const strayEntries = [
      { reference: 'REV0001', amountFen: fen(-25_000), reversal: true },
      { reference: 'FEE0001', amountFen: fen(-1_200), reversal: false },
    ];
    const nothing = { window: [], orders: [], openRefunds: [], undebitedRefunds: [], claims: [] };
    const facts = { day, credits: held(60), strayEntries, ...nothing, movements: balances, balances };
    const pdf = await documents.reconciliation({ ...reconcile(facts), generatedAt: '2026-03-06T01:00:00Z' });
    const document = await getDocumentProxy(new Uint8Array(pdf));
    expect(document.numPages).toBeGreaterThan(1);
    const texts = await Promise.all(
      Array.from({ length: document.numPages }, async (_, place) => {
        const { items } = await (await document.getPage(place + 1)).getTextContent();
        return items.map((item) => ('str' in item ? item.str : '')).join('');
      }),
    );
    const text = texts.join('').replace(/\s/g, '');
    for (const words of [
      '日对账单',
      '2026年3月5日',
      '4,200.00',
      '334.00',
      '待退',
      '付款户名与证书名不一致',
      'thepayerisnottheorganisation',
      '银行冲正未能对应到账款项',
      'REV0001',
      '银行支出不属于本机构退款',
      'FEE0001',
    ])
      expect(text).toContain(words);
    expect(text.match(/20260305\d{8}/g)).toHaveLength(60);
    // Each page of the differences has its head; the others' sum stands under the accounts.
    for (const page of texts) expect(page.replace(/\s/g, '')).toContain('编号Reference');
    expect(text).toContain('应等于实收allbutreceived:hastoequalreceived334.00334.00');
  }, 60_000);
});
