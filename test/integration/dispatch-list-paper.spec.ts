/** 证书寄送清单 as it leaves the printer: what the carrier counts, and what is signed. */
import { openDocuments, type Documents } from '#documents';
import { getDocumentProxy } from 'unpdf';

const rowOf = (letter: number, token: number) => ({
  applicationNumber: `XB-2026-${String(letter).padStart(6, '0')}`,
  organisation: '四川淼泰医疗器械有限责任公司',
  tokenNumber: `XY26${String(letter).padStart(6, '0')}0${token}`,
  account: 'SC-HC-000001',
  trackingNumber: `KD${String(letter).padStart(12, '0')}`,
});

describe('the dispatch list on paper', () => {
  let documents: Documents;
  beforeAll(async () => {
    documents = await openDocuments();
  }, 60_000);
  afterAll(() => documents.close(), 60_000);

  async function pagesOf(rows: ReturnType<typeof rowOf>[]): Promise<string[]> {
    const day = { day: '2026-03-06', dayReason: '每周五集中寄送', generatedAt: '2026-03-05T01:00:00Z' };
    const document = await getDocumentProxy(new Uint8Array(await documents.dispatchList({ ...day, rows })));
    return Promise.all(
      Array.from({ length: document.numPages }, async (_, place) => {
        const { items } = await (await document.getPage(place + 1)).getTextContent();
        return items
          .map((item) => ('str' in item ? item.str : ''))
          .join('')
          .replace(/\s/g, '');
      }),
    );
  }

  it('counts letters, which the carrier signs for, and the tokens in them', async () => {
    const [page] = await pagesOf([rowOf(1, 1), rowOf(1, 2), rowOf(2, 1)]);
    expect(page).toContain('共2件，USBKey3个');
  }, 60_000);

  it.each([12, 13, 14, 15, 16, 17])(
    'the lines to sign of %i letters stand under the last of them, never on a page of their own',
    async (count) => {
      const last = (await pagesOf(Array.from({ length: count }, (_, place) => rowOf(place + 1, 1)))).at(-1);
      expect([last?.includes('寄送人签字'), last?.includes(`KD${String(count).padStart(12, '0')}`)]).toEqual([true, true]);
    },
    60_000,
  );
});
