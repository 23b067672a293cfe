/** Files that come with an application: what they are is told by their content, and what is refused leaves what was there. */
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { openOffice, type Office } from '../world/office.js';
import { applicant, identityCard, licence, onePagePdf, openDraft, readDraft, type Applicant } from './applicants.js';
import { handLockedPdf, jpeg, lockedPdf, MEGABYTE, pdfWithoutPages, pngOf } from './papers.js';
import { expectRefusal, expectUntouched, invalid, notFound, type Refusal } from './refusal.js';

const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const ZIP = Buffer.from('504b0304140000000000', 'hex');
const PROGRAM = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);

describe('files', () => {
  let office: Office;
  let me: Applicant;
  let draftId: string;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    me = await applicant(office);
    draftId = await openDraft(me);
    expect((await send('licence.png', licence)).status).toBe(200);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const send = (fileName: string, file: Uint8Array, material = 'licence') =>
    me.person.attempt('PUT', `/api/v1/drafts/${draftId}/materials/${material}?fileName=${encodeURIComponent(fileName)}`, { file });
  const stored = () => readdirSync(office.settings.folders.objects, { recursive: true }).sort();

  /** Refused; the file that was there before stays, and nothing is stored. */
  async function expectKept(attempt: () => ReturnType<typeof send>, refusal: Refusal) {
    const [before, files] = [await readDraft(me, draftId), stored()];
    const problem = await expectUntouched(office, attempt, refusal);
    expect(await readDraft(me, draftId)).toEqual(before);
    expect(stored()).toEqual(files);
    return problem;
  }
  const wrong = (code: string) => invalid({ 'materials/licence': code });

  describe('content', () => {
    it.each([
      ['a picture named as a document', 'licence.pdf', licence],
      ['a picture named as another kind of picture', 'licence.jpg', licence],
      ['a JPEG named PNG', 'licence.png', jpeg],
      ['a web page named as a picture', 'licence.png', HTML],
      ['a drawing with a script named as a picture', 'licence.png', SVG],
      ['an archive named as a document', 'licence.pdf', ZIP],
      ['a program named as a document', 'licence.pdf', PROGRAM],
      ['zeros named as a picture', 'licence.png', Buffer.alloc(1000)],
    ])('%s is refused: the content is not what the name says', async (_, name, bytes) => {
      await expectKept(() => send(name, bytes), wrong('FILE_CONTENT_MISMATCH'));
    });

    it('the refusal says what the name promises and what was found', async () => {
      const { errors } = await expectKept(() => send('licence.pdf', licence), wrong('FILE_CONTENT_MISMATCH'));
      expect(errors[0]?.reason).toBe('文件内容与扩展名不符：名为 application/pdf，实为 image/png。');
    });

    it.each(['licence.exe', 'licence.svg', 'licence.html', 'licence', 'licence.', 'png', 'licence.png.exe', 'licence.png '])(
      'the name %j is of no kind that is taken',
      async (name) => void (await expectKept(() => send(name, licence), wrong('FILE_TYPE'))),
    );

    it('an empty file is refused', async () => void (await expectKept(() => send('licence.png', Buffer.alloc(0)), wrong('FILE_EMPTY'))));

    it.each([
      ['with a password for reading', () => lockedPdf({ userPassword: 'secret', ownerPassword: 'owner' })],
      ['with a password against changes', () => lockedPdf({ userPassword: '', ownerPassword: 'owner' })],
      ['by an encryption dictionary', () => Promise.resolve(handLockedPdf())],
    ])('a PDF locked %s is refused', async (_, make) => {
      const file = await make();
      await expectKept(() => send('licence.pdf', file), wrong('FILE_ENCRYPTED'));
    });

    it('a PDF that breaks off, or has no page, cannot be opened', async () => {
      await expectKept(() => send('licence.pdf', Buffer.from('%PDF-1.7\n%broken')), wrong('FILE_UNREADABLE'));
      await expectKept(() => send('licence.pdf', pdfWithoutPages()), wrong('FILE_UNREADABLE'));
    });

    it('a picture that breaks off cannot be opened', async () => {
      await expectKept(() => send('licence.png', licence.subarray(0, licence.length / 2)), wrong('FILE_UNREADABLE'));
      await expectKept(() => send('licence.jpg', jpeg.subarray(0, 20)), wrong('FILE_UNREADABLE'));
    });
  });

  describe('size', () => {
    it('ten megabytes are taken', async () => {
      expect((await send('agent-id.png', pngOf(10 * MEGABYTE), 'agent-id')).status).toBe(200);
      expect((await readDraft(me, draftId)).materials.find(({ material }) => material === 'agent-id')?.sizeBytes).toBe(10_485_760);
    });

    it.each([10 * MEGABYTE + 1, 10 * MEGABYTE + 2, 11 * MEGABYTE, 25 * MEGABYTE])('%i bytes are too many', async (size) => {
      const { errors } = await expectKept(() => send('licence.png', pngOf(size)), wrong('FILE_TOO_LARGE'));
      expect(errors[0]?.reason).toBe('文件超过 10 MB。');
    });
  });

  describe('names and places', () => {
    it.each([
      ['no name', ''],
      ['an empty name', '?fileName='],
      ['two names', '?fileName=a.png&fileName=b.png'],
      ['a name with parts', '?fileName[x]=a.png'],
    ])('%s is refused, naming the parameter', async (_, query) => {
      const attempt = () => me.person.attempt('PUT', `/api/v1/drafts/${draftId}/materials/licence${query}`, { file: licence });
      await expectKept(attempt, invalid({ fileName: 'FIELD_REQUIRED' }));
    });

    it.each(['a\u0000.png', 'a\n.png', '\u202egnp.png'])('a name with control characters, %j, is refused', async (name) => {
      await expectKept(() => send(name, licence), invalid({ fileName: 'TEXT_CONTROL_CHARACTER' }));
    });

    it('a name longer than 200 characters is refused', async () => {
      await expectKept(() => send(`${'x'.repeat(200)}.png`, licence), invalid({ fileName: 'FIELD_TOO_LONG' }));
    });

    it.each(['passport', '__proto__', 'constructor', '%00', '%F0%9F%98%80'])('there is no material %j', async (material) => {
      await expectKept(
        () => me.person.attempt('PUT', `/api/v1/drafts/${draftId}/materials/${material}?fileName=a.png`, { file: licence }),
        notFound,
      );
    });

    it('another person’s draft answers exactly like one that does not exist, and the file is not stored', async () => {
      const stranger = await applicant(office);
      const files = stored();
      const answerFor = async (id: string) => {
        const path = `/api/v1/drafts/${id}/materials/licence?fileName=a.png`;
        const problem = await expectUntouched(office, () => stranger.person.attempt('PUT', path, { file: identityCard }), notFound);
        return { ...problem, requestId: '', instance: '' };
      };
      expect(await answerFor(draftId)).toEqual(await answerFor(randomUUID()));
      expect(stored()).toEqual(files);
    });

    it('nobody uploads without a session', async () => {
      const path = `/api/v1/drafts/${draftId}/materials/licence?fileName=a.png`;
      expectRefusal(await office.person().attempt('PUT', path, { file: licence }), { status: 401, code: 'LOGIN_REQUIRED' });
    });

    it('and is told so before a byte of the file is taken', async () => {
      const path = `/api/v1/drafts/${draftId}/materials/licence?fileName=a.png`;
      const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(10 * MEGABYTE) };
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const announced = request(`${office.api}${path}`, { method: 'PUT', headers }, (response) => {
          resolve(response.statusCode);
          announced.destroy();
        });
        announced.on('error', reject);
        // Only what stands before the body is sent; a server that wanted the file would wait for it.
        announced.flushHeaders();
      });
      expect(status).toBe(401);
    });
  });

  it('a newer file takes the place of the older one, which stays for the record', async () => {
    const newer = await onePagePdf();
    expect((await send('执照.pdf', newer)).status).toBe(200);
    const { materials } = await readDraft(me, draftId);
    expect(materials.filter(({ material }) => material === 'licence').map(({ fileName }) => fileName)).toEqual(['执照.pdf']);
    const rows: { file_name: string; old: boolean }[] = await office.data.query(
      "SELECT file_name, replaced_at IS NOT NULL AS old FROM upload WHERE material = 'licence' ORDER BY uploaded_at",
    );
    expect(rows).toEqual([
      { file_name: 'licence.png', old: true },
      { file_name: '执照.pdf', old: false },
    ]);
  });

  it('files are stored encrypted: their bytes are not on the disk', async () => {
    const { readFileSync, statSync } = await import('node:fs');
    const marker = licence.subarray(100, 164);
    const files = stored()
      .map((name) => `${office.settings.folders.objects}/${String(name)}`)
      .filter((path) => statSync(path).isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) expect(readFileSync(path).includes(marker)).toBe(false);
  });
});
