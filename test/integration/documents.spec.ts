/** Paper as it leaves the printer: what can be read in the PDFs, and what happens when the browser is killed. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getDocumentProxy } from 'unpdf';
import { openDocuments, type ApplicationFormData, type Documents } from '#documents';

const onLinux = process.platform === 'linux' ? it : it.skip;
const onLinuxX64 = process.platform === 'linux' && process.arch === 'x64' ? it : it.skip;

const FORM: ApplicationFormData = {
  draftId: '4f3a91c2-7b1e-4d7e-9a55-0c6f1d2e3a4b',
  business: { zh: '证书新办', en: 'New certificate' },
  subsystem: ['政府采购', '四川省药品和医用耗材招采管理子系统'],
  organisation: { certificateName: '成都龑赟生物医药科技（集团）有限公司', uscc: '91510100MA6DEMO01X', province: '四川省', city: '成都市' },
  agent: { name: '张淼喆', identityNumber: '510104199003070018', phone: '13800138000' },
  delivery: { recipient: '王珺', phone: '13900139000', address: '四川省成都市高新区天府大道中段500号', postcode: '610041' },
  roleAccounts: [{ kind: '药品生产企业', account: 'SC-YP-000123' }],
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
const LABEL = {
  tokenNumber: 'XY2600000123',
  certificateName: '成都龑赟生物医药科技（集团）有限公司',
  notBefore: '2026-03-02',
  notAfter: '2028-03-02',
  account: 'SC-YP-000123',
  initialPassword: 'Kq7<b>mZ2p',
};
const dispatchLetters = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    applicationNumber: `A-${1000 + index}`,
    organisation: '四川淼泰医疗器械有限责任公司',
    tokenNumbers: [`XY26${1000 + index}`],
    account: 'SC-HC-000001',
    trackingNumber: `EMS${1000 + index}CS`,
  }));

async function read(pdf: Buffer) {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join('');
    const { width, height } = page.getViewport({ scale: 1 });
    pages.push({ text: text.replace(/\s/g, ''), widthMm: Math.round((width / 72) * 25.4), heightMm: Math.round((height / 72) * 25.4) });
  }
  return { pages, text: pages.map(({ text }) => text).join(''), links: /\/URI\s*\(/.test(pdf.toString('latin1')) };
}

/** Processes of our browsers, by their profile folder on the command line. */
function processes(kind: 'browser' | 'renderer'): number[] {
  const commandLine = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  const browsers = readdirSync('/proc').filter(
    (pid) => commandLine(pid).includes(profilePrefix()) && !commandLine(pid).includes('--type='),
  );
  if (kind === 'browser') return browsers.map(Number);
  const descends = (pid: string): boolean => {
    const parent = existsSync(`/proc/${pid}/stat`) ? (/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '0') : '0';
    return browsers.includes(parent) || (Number(parent) > 1 && descends(parent));
  };
  return readdirSync('/proc')
    .filter((pid) => commandLine(pid).includes('--type=renderer') && descends(pid))
    .map(Number);
}

function profilePrefix(): string {
  return `xinyin-documents-${hostname().replace(/\W/g, '_')}-${process.pid}-`;
}
const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith(profilePrefix()));

describe('documents', () => {
  let documents: Documents;
  const lines: string[] = [];
  beforeAll(async () => (documents = await openDocuments({ log: (line) => lines.push(line) })), 60_000);
  afterAll(() => documents.close());

  it('the application form is one A4 page that can be read, rare characters included', async () => {
    const { pages } = await read(await documents.applicationForm(FORM));
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({ widthMm: 210, heightMm: 297 });
    for (const words of [
      '企业机构电子签名认证证书及印章业务申请表',
      '4F3A-91C2',
      '成都龑赟生物医药科技（集团）有限公司',
      '91510100MA6DEMO01X',
      '张淼喆',
      '王珺',
    ]) {
      expect(pages[0]?.text).toContain(words);
    }
    for (const words of [
      '450.00',
      '人民币肆佰伍拾元整',
      '2026-03-0211:04',
      '打印时间2026-03-0211:10',
      '第1页，共1页',
      '加盖单位公章（鲜章）',
    ]) {
      expect(pages[0]?.text).toContain(words);
    }
  });

  it('G papers: the form asks for a stamp in fresh ink, and shows the accounts to bind in its remarks', async () => {
    const text = (await read(await documents.applicationForm(FORM))).pages[0]?.text ?? '';
    expect(text).toContain('加盖单位公章（鲜章）');
    expect(text).toContain('Companystamp,infreshink');
    expect(text.slice(text.indexOf('备注'))).toContain('已有平台账号，请绑定。');
  });

  it('every font is embedded', async () => {
    const pdf = (await documents.applicationForm(FORM)).toString('latin1');
    const descriptors = pdf.match(/\/Type \/FontDescriptor/g) ?? [];
    expect(descriptors.length).toBeGreaterThan(1);
    expect(pdf.match(/\/FontFile[23] /g)).toHaveLength(descriptors.length);
    expect(
      [...pdf.matchAll(/\/FontName \/[A-Z]{6}\+(\w+)/g)].map(([, name]) => name?.slice(0, 8)).every((name) => name?.startsWith('Noto')),
    ).toBe(true);
  });

  it('markup in a name is printed, not obeyed', async () => {
    const certificateName =
      '<img src=x onerror="document.body.textContent=1"></style><script>document.body.remove()</script><a href="http://example.com">公司</a>';
    const { text, links } = await read(
      await documents.applicationForm({ ...FORM, organisation: { ...FORM.organisation, certificateName } }),
    );
    expect(text).toContain(certificateName.replace(/\s/g, ''));
    expect(text).toContain('加盖单位公章');
    expect(links).toBe(false);
  });

  it('scripts and addresses in a body do nothing, and the next document does not notice', async () => {
    const body = `<p>甲</p><meta http-equiv="refresh" content="0;url=about:blank"><img src="http://example.com/x.png" onerror="document.body.textContent='x'">
      <script>document.body.textContent = 'x'</script><iframe src="file:///etc/passwd"></iframe><p>乙</p>`;
    expect((await read(await documents.renderHtml(body))).text).toBe('甲乙');
    expect((await read(await documents.renderHtml('<p>丙</p>', { widthMm: 100, heightMm: 80 }))).pages).toEqual([
      { text: '丙', widthMm: 100, heightMm: 80 },
    ]);
  });

  it('a character that no font draws is marked with its code point, noted on the form and logged', async () => {
    lines.length = 0;
    const { text } = await read(await documents.applicationForm({ ...FORM, agent: { ...FORM.agent, name: '张㐀' } }));
    expect(text).toContain('张〓(U+3400)');
    expect(text).toContain('手写补正');
    expect(lines).toEqual(['documents: no font draws U+3400; marked 〓 in the document']);
    expect((await read(await documents.applicationForm(FORM))).text).not.toContain('手写补正');
    expect((await read(await documents.renderHtml('<p>张&#x3400;</p>'))).text).toBe('张〓(U+3400)');
  });

  it('the token label is one page of 60 x 40 mm, whatever the name', async () => {
    const { pages } = await read(await documents.tokenLabel(LABEL));
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({ widthMm: 60, heightMm: 40 });
    for (const words of ['龑赟', 'XY2600000123', '2026-03-02至2028-03-02', 'SC-YP-000123', 'Kq7<b>mZ2p', '400-028-1130'])
      expect(pages[0]?.text).toContain(words);
    const certificateName = '四川省'.repeat(30);
    const long = await read(await documents.tokenLabel({ ...LABEL, certificateName }));
    expect(long.pages).toHaveLength(1);
    expect(long.text).toContain(certificateName);
  });

  it('the dispatch list repeats its head on every page and says why this day', async () => {
    const { pages, text } = await read(
      await documents.dispatchList({
        day: '2026-10-09',
        dayReason: '9月25日与10月2日为法定节假日',
        letters: dispatchLetters(40),
        generatedAt: '2026-10-08T16:30:00Z',
      }),
    );
    expect(pages).toHaveLength(3);
    for (const page of pages) expect(page.text).toContain('申请编号');
    expect(pages[0]?.text).toContain('2026年10月9日星期五');
    expect(pages[0]?.text).toContain('9月25日与10月2日为法定节假日');
    for (const words of ['A-1000', 'XY261039', 'EMS1039CS', '寄送人签字', '共40件，USBKey40个', '第3页，共3页'])
      expect(text).toContain(words);
  });

  it('a document that was handed over is kept by nobody', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const printed: WeakRef<Buffer>[] = [];
    for (let count = 0; count < 4; count += 1) printed.push(new WeakRef(await documents.tokenLabel(LABEL)));
    // Until the end of its job a reference holds what it refers to.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(printed.slice(0, 3).map((document) => document.deref())).toEqual([undefined, undefined, undefined]);
  });

  it('many at once keep their own contents', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `第${index}公司`);
    const texts = await Promise.all(names.map(async (name) => (await read(await documents.renderHtml(`<p>${name}</p>`))).text));
    expect(texts).toEqual(names);
  });

  onLinux('a browser killed between and under documents is replaced', async () => {
    processes('browser').forEach((pid) => process.kill(pid, 'SIGKILL'));
    expect((await read(await documents.renderHtml('<p>一</p>'))).text).toBe('一');
    const under = [1, 2, 3, 4].map((count) =>
      documents.dispatchList({
        day: '2026-03-06',
        dayReason: '正常',
        letters: dispatchLetters(count),
        generatedAt: '2026-03-05T01:00:00Z',
      }),
    );
    processes('browser').forEach((pid) => process.kill(pid, 'SIGKILL'));
    expect((await Promise.all(under)).map((pdf) => pdf.subarray(0, 5).toString())).toEqual(['%PDF-', '%PDF-', '%PDF-', '%PDF-']);
    expect(processes('browser')).toHaveLength(1);
    expect(profiles()).toHaveLength(1);
  });

  onLinux('a page that crashes is replaced', async () => {
    const renderers = processes('renderer');
    expect(renderers.length).toBeGreaterThan(0);
    renderers.forEach((pid) => process.kill(pid, 'SIGKILL'));
    expect((await read(await documents.renderHtml('<p>二</p>'))).text).toBe('二');
    expect(processes('browser')).toHaveLength(1);
  });

  onLinux('closing finishes what was asked, then leaves neither process nor profile', async () => {
    const own = await openDocuments();
    const asked = own.renderHtml('<p>三</p>');
    await own.close();
    expect((await read(await asked)).text).toBe('三');
    await expect(own.renderHtml('<p>四</p>')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(processes('browser')).toHaveLength(1);
    expect(profiles()).toHaveLength(1);
  });
});

describe('findChromium', () => {
  onLinuxX64(
    'two processes may unpack at once',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'unpack-'));
      const face = pathToFileURL(join(process.cwd(), 'libs/documents/index.ts')).href;
      const script = `const { findChromium } = await import(${JSON.stringify(face)}); console.log(await findChromium());`;
      const options = ['--conditions=source', '--import', '@swc-node/register/esm-register', '--input-type=module', '-e', script];
      const env = {
        ...process.env,
        TMPDIR: folder,
        NODE_OPTIONS: '',
        PUPPETEER_EXECUTABLE_PATH: '',
        PUPPETEER_CACHE_DIR: join(folder, 'none'),
      };
      try {
        const found = await Promise.all([1, 2].map(() => promisify(execFile)(process.execPath, options, { env })));
        const paths = found.map(({ stdout }) => stdout.trim());
        expect(paths[0]).toBe(paths[1]);
        expect((await promisify(execFile)(paths[0] ?? '', ['--version'])).stdout).toMatch(/Chrom/);
        expect(readdirSync(join(paths[0] ?? '', '..'))).toEqual(['chromium']);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );

  it('a program named by the environment that is not there is an error, not silence', async () => {
    const before = process.env['PUPPETEER_EXECUTABLE_PATH'];
    process.env['PUPPETEER_EXECUTABLE_PATH'] = '/nowhere/chrome';
    try {
      await expect(openDocuments()).rejects.toThrow('PUPPETEER_EXECUTABLE_PATH');
    } finally {
      if (before === undefined) delete process.env['PUPPETEER_EXECUTABLE_PATH'];
      else process.env['PUPPETEER_EXECUTABLE_PATH'] = before;
    }
  });
});
