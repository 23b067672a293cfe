/** How fast one warm browser prints. Names vary from document to document, since each new character may cost a font slice. */
import { openDocuments, type ApplicationFormData, type Documents } from '#documents';

const DOCUMENTS = 60;
const ROWS = 30;
const CITIES = ['成都市', '绵阳市', '攀枝花市', '泸州市', '德阳市', '广元市', '遂宁市', '内江市', '乐山市', '南充市'];
const BRANDS = ['龑赟', '淼泰', '骉腾', '喆康', '犇羴', '翀宇', '玥珑', '祎瑞', '垚森', '焱华', '靐宇', '燚辉'];
const TRADES = ['生物医药科技', '医疗器械', '药业', '医用耗材供应链', '诊断试剂', '中药饮片'];
const pick = (list: readonly string[], index: number) => list[index % list.length] ?? '';
const organisation = (index: number) => `${pick(CITIES, index)}${pick(BRANDS, index * 7 + 3)}${pick(TRADES, index * 5 + 1)}有限公司`;

export async function bench(): Promise<{ name: 'documents'; figures: Record<string, number | string>; notes: string[] }> {
  const opened = performance.now();
  const documents = await openDocuments();
  const figures: Record<string, number | string> = { openMs: Math.round(performance.now() - opened) };
  try {
    for (const [template, print] of Object.entries(templates(documents))) Object.assign(figures, await measure(template, print));
  } finally {
    await documents.close();
  }
  return {
    name: 'documents',
    figures,
    notes: [
      `${DOCUMENTS} documents a template after one to warm it; names and numbers differ in each.`,
      'Ms: one after another. PerSecond: four asked for at a time.',
      `Dispatch list of ${ROWS} rows with two bar codes each.`,
    ],
  };
}

export default bench;

async function measure(template: string, print: (index: number) => Promise<Buffer>): Promise<Record<string, number>> {
  await print(DOCUMENTS);
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < DOCUMENTS; index += 1) {
    const started = performance.now();
    bytes += (await print(index)).length;
    times.push(performance.now() - started);
  }
  const started = performance.now();
  for (let index = 0; index < DOCUMENTS; index += 4) await Promise.all([0, 1, 2, 3].map((offset) => print(index + offset)));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  return {
    [`${template}MedianMs`]: Math.round(times[Math.floor(DOCUMENTS / 2)] ?? 0),
    [`${template}P95Ms`]: Math.round(times[Math.ceil(DOCUMENTS * 0.95) - 1] ?? 0),
    [`${template}PerSecond`]: Math.round((DOCUMENTS / seconds) * 10) / 10,
    [`${template}Kilobytes`]: Math.round(bytes / DOCUMENTS / 1024),
  };
}

function templates(documents: Documents): Record<string, (index: number) => Promise<Buffer>> {
  return {
    applicationForm: (index) => documents.applicationForm(form(index)),
    tokenLabel: (index) =>
      documents.tokenLabel({
        tokenNumber: `XY26${String(index).padStart(8, '0')}`,
        certificateName: organisation(index),
        notBefore: '2026-03-02',
        notAfter: '2028-03-02',
        account: `SC-YP-${String(index).padStart(6, '0')}`,
        initialPassword: 'Kq7#mZ2p',
      }),
    dispatchList: (index) =>
      documents.dispatchList({
        day: '2026-10-09',
        dayReason: '9月25日与10月2日为法定节假日，顺延至下一周五',
        generatedAt: '2026-10-08T16:30:00Z',
        letters: Array.from({ length: ROWS }, (_, row) => ({
          applicationNumber: `NEW-20260923-${String(row + index).padStart(4, '0')}`,
          organisation: organisation(row + index),
          tokenNumbers: [`XY26${String(row + index).padStart(8, '0')}`],
          account: `SC-YP-${String(row).padStart(6, '0')}`,
          trackingNumber: `EMS10${String((row + index) * 7919).padStart(8, '0')}CS`,
        })),
      }),
    renderHtml: (index) => documents.renderHtml(`<h1>${organisation(index)}</h1><p>共 ${index} 项</p>`),
  };
}

function form(index: number): ApplicationFormData {
  return {
    draftId: `4f3a91c2-7b1e-4d7e-9a55-${String(index).padStart(12, '0')}`,
    business: { zh: '证书新办', en: 'New certificate' },
    subsystem: ['政府采购', '四川省药品和医用耗材招采管理子系统'],
    organisation: { certificateName: organisation(index), uscc: '91510100MA6DEMO01X', province: '四川省', city: pick(CITIES, index) },
    agent: { name: `王${pick(BRANDS, index)}`, identityNumber: '510104199003070018', phone: '13800138000' },
    delivery: {
      recipient: '李敏',
      phone: '13900139000',
      address: `四川省${pick(CITIES, index)}高新区天府大道中段 ${index} 号`,
      postcode: '610041',
    },
    roleAccounts: [{ kind: '药品生产企业', account: `SC-YP-${String(index).padStart(6, '0')}` }],
    certificates: { count: 1, years: 2 },
    fees: {
      lines: [
        { name: '证书开户费', quantity: 1, amountFen: 5_000 },
        { name: '证书服务费', quantity: 2, amountFen: 40_000 },
      ],
      totalFen: 45_000,
    },
    remarks: '已有平台账号，请绑定。',
    materials: ['申请表原件', '营业执照复印件', '经办人身份证复印件'],
    agreements: [{ title: '订户协议', version: '2.1', acceptedAt: '2026-03-02T03:04:05Z' }],
    generatedAt: '2026-03-02T03:10:00Z',
  };
}
