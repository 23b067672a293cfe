/** 证书寄送清单 as it leaves the printer: what the carrier counts, and what is signed. */
import { openDocuments, type Documents } from '#documents';
import { getDocumentProxy } from 'unpdf';

const letterOf = (letter: number, tokens = 1) => ({
  applicationNumber: `XB-2026-${String(letter).padStart(6, '0')}`,
  organisation: '四川淼泰医疗器械有限责任公司',
  tokenNumbers: Array.from({ length: tokens }, (_, token) => `XY26${String(letter).padStart(6, '0')}${String(token + 1).padStart(2, '0')}`),
  account: 'SC-HC-000001',
  trackingNumber: `KD${String(letter).padStart(12, '0')}`,
});

describe('the dispatch list on paper', () => {
  let documents: Documents;
  beforeAll(async () => {
    documents = await openDocuments();
  }, 60_000);
  afterAll(() => documents.close(), 60_000);

  async function pagesOf(letters: ReturnType<typeof letterOf>[]): Promise<string[]> {
    const day = { day: '2026-03-06', dayReason: '每周五集中寄送', generatedAt: '2026-03-05T01:00:00Z' };
    const document = await getDocumentProxy(new Uint8Array(await documents.dispatchList({ ...day, letters })));
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
    const [page] = await pagesOf([letterOf(1, 2), letterOf(2)]);
    expect(page).toContain('共2件，USBKey3个');
  }, 60_000);

  it('a letter of twenty tokens is one row with their number, and the tokens beneath it on the same page', async () => {
    // Eleven rows first, so that what does not fit beneath the twelfth goes with it to the next page.
    const pages = await pagesOf([...Array.from({ length: 11 }, (_, place) => letterOf(place + 1)), letterOf(12, 20), letterOf(13)]);
    const holding = (text: string) => pages.filter((page) => page.includes(text)).length;
    const [letter] = pages.filter((page) => page.includes('XB-2026-000012'));
    expect(pages.join('').match(/XB-2026-\d{6}/g)).toHaveLength(13);
    expect(holding('共20个，见下')).toBe(1);
    for (let token = 1; token <= 20; token += 1) expect(letter).toContain(`XY26000012${String(token).padStart(2, '0')}`);
    expect(pages[0]).toContain('共13件，USBKey32个');
  }, 60_000);

  it.each([12, 13, 14, 15, 16, 17])(
    'the lines to sign of %i letters stand under the last of them, never on a page of their own',
    async (count) => {
      const last = (await pagesOf(Array.from({ length: count }, (_, place) => letterOf(place + 1)))).at(-1);
      expect([last?.includes('寄送人签字'), last?.includes(`KD${String(count).padStart(12, '0')}`)]).toEqual([true, true]);
    },
    60_000,
  );
});
