/** Drafts: what may be typed, what is kept, and who can see it. */
import { randomUUID } from 'node:crypto';
import { openOffice, type Office } from '../world/office.js';
import { applicant, freshPhone, openDraft, readDraft, rightForm, type Applicant, type DraftView } from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

/** GB 32100-2015: 91350100M000100Y43 is the standard's own example; its last character is the check digit. */
const RIGHT_USCC = '91350100M000100Y43';
const CONTROL = 'TEXT_CONTROL_CHARACTER';
const SURROGATE = 'TEXT_LONE_SURROGATE';

const wrongValues: [field: string, value: unknown, code: string][] = [
  ['organisation/uscc', '91350100M000100Y44', 'USCC_CHECK_DIGIT'],
  ['organisation/uscc', '91350100M000100Y4', 'USCC_INVALID'],
  ['organisation/uscc', '91350100M000100I43', 'USCC_INVALID'],
  ['organisation/uscc', '91350100m000100y43', 'USCC_INVALID'],
  ['organisation/uscc', '', 'FIELD_REQUIRED'],
  ['organisation/certificateName', '成都\u0007医药有限公司', CONTROL],
  ['organisation/certificateName', '成都\u0000医药有限公司', CONTROL],
  ['organisation/certificateName', '成都医药\n有限公司', CONTROL],
  ['organisation/certificateName', '成都\u200b医药有限公司', CONTROL],
  ['organisation/certificateName', '成都\u202e医药有限公司', CONTROL],
  ['organisation/certificateName', '成都\ud842医药有限公司', SURROGATE],
  ['organisation/certificateName', '成都医药有限公司\udfb7', SURROGATE],
  ['organisation/certificateName', '成都医药有限公司😀', 'CERTIFICATE_NAME_CHARACTER'],
  ['organisation/certificateName', '成都医药=有限公司', 'CERTIFICATE_NAME_CHARACTER'],
  ['organisation/certificateName', ' 成都医药有限公司', 'FIELD_FORMAT'],
  ['organisation/certificateName', '医'.repeat(65), 'FIELD_TOO_LONG'],
  ['organisation/certificateName', '医'.repeat(60), 'SEAL_NAME_TOO_LONG'],
  ['organisation/certificateName', '成都𠮷医药有限公司', 'SEAL_GLYPH_MISSING'],
  ['organisation/province', '四川\u0000省', CONTROL],
  ['organisation/city', '成'.repeat(21), 'FIELD_TOO_LONG'],
  ['agent/name', '李\ud800', SURROGATE],
  ['agent/name', '李\u0000', CONTROL],
  ['agent/identityNumber', '510104199001010018', 'IDENTITY_NUMBER_INVALID'],
  ['agent/identityNumber', '510104199002300012', 'IDENTITY_NUMBER_INVALID'],
  ['agent/identityNumber', '51010419900101001', 'IDENTITY_NUMBER_INVALID'],
  ['agent/phone', '12345678901', 'PHONE_INVALID'],
  ['delivery/phone', '1234', 'PHONE_INVALID'],
  ['delivery/address', '高'.repeat(201), 'FIELD_TOO_LONG'],
  ['delivery/address', '高新区\u0085', CONTROL],
  ['delivery/postcode', '61004', 'FIELD_FORMAT'],
  ['roleAccount/kind', 'hospital', 'FIELD_CHOICE'],
  ['roleAccount/kind', '__proto__', 'FIELD_CHOICE'],
  ['roleAccount/account', 'PS 1', 'FIELD_FORMAT'],
  ['certificates/count', 0, 'FIELD_RANGE'],
  ['certificates/count', 21, 'FIELD_RANGE'],
  ['certificates/count', 1.5, 'FIELD_RANGE'],
  ['certificates/count', -1, 'FIELD_RANGE'],
  ['certificates/years', 6, 'FIELD_RANGE'],
  ['certificates/years', 1e300, 'FIELD_RANGE'],
  ['certificates/years', '2', 'FIELD_TYPE'],
  ['organisation/certificateName', 7, 'FIELD_TYPE'],
  ['organisation/certificateName', null, 'FIELD_TYPE'],
  ['organisation/certificateName', ['a'], 'FIELD_TYPE'],
  ['organisation/certificateName', 'x'.repeat(2001), 'FIELD_TOO_LONG'],
  ['remarks', '备'.repeat(501), 'FIELD_TOO_LONG'],
  ['remarks', '备\u2028', CONTROL],
];

describe('draft', () => {
  let office: Office;
  let me: Applicant;
  let draftId: string;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    me = await applicant(office);
    draftId = await openDraft(me);
    await me.person.patch(`/api/v1/drafts/${draftId}`, { form: rightForm(me) });
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const edit = (json: unknown, id = draftId) => me.person.attempt('PATCH', `/api/v1/drafts/${id}`, { json });

  describe('fields', () => {
    const labelled = wrongValues.map(([field, value, code]) => [field, JSON.stringify(value).slice(0, 40), code, value] as const);
    it.each(labelled)('%s refuses %s with %s, and the draft stays as it was', async (field, _, code, value) => {
      const [section = '', name] = field.split('/');
      const problem = await expectUntouched(
        office,
        () => edit({ form: { [section]: name ? { [name]: value } : value } }),
        invalid({ [field]: code }),
      );
      expect(problem.errors).toHaveLength(1);
    });

    it('a name longer than the seal can carry: the refusal says how long it is and how long it may be', async () => {
      const problem = expectRefusal(
        await edit({ form: { organisation: { certificateName: '医'.repeat(60) } } }),
        invalid({ 'organisation/certificateName': 'SEAL_NAME_TOO_LONG' }),
      );
      expect(problem.errors[0]?.reason).toMatch(/^单位名称有 60 个字，印章最多容纳 [1-5]\d 个字。$/);
    });

    it('a character that the seal typeface lacks is named', async () => {
      const problem = expectRefusal(
        await edit({ form: { organisation: { certificateName: '成都𠮷医药有限公司' } } }),
        invalid({ 'organisation/certificateName': 'SEAL_GLYPH_MISSING' }),
      );
      expect(problem.errors[0]?.reason).toBe('印章字库没有这个字：𠮷。');
    });

    it('one wrong field refuses the whole change', async () => {
      const change = { organisation: { certificateName: '成都另名医药有限公司', uscc: '91350100M000100Y44' }, remarks: '改' };
      await expectUntouched(office, () => edit({ form: change }), invalid({ 'organisation/uscc': 'USCC_CHECK_DIGIT' }));
    });

    it('all wrong fields are named at once', async () => {
      const form = { organisation: { uscc: 'X' }, agent: { phone: '1', name: '\u0007' }, certificates: { count: 0 } };
      const fields = {
        'organisation/uscc': 'USCC_INVALID',
        'agent/phone': 'PHONE_INVALID',
        'agent/name': CONTROL,
        'certificates/count': 'FIELD_RANGE',
      };
      await expectUntouched(office, () => edit({ form }), invalid(fields));
    });

    it.each([
      [{ form: {}, ownerPhone: '1' }, 'ownerPhone'],
      [{ form: { payment: {} } }, 'form/payment'],
      [{ form: { organisation: { legalPerson: '王' } } }, 'form/organisation/legalPerson'],
      [JSON.parse('{"form":{"__proto__":{"agent":{}}}}'), 'form/__proto__'],
      [JSON.parse('{"form":{"organisation":{"constructor":1}}}'), 'form/organisation/constructor'],
    ] as [unknown, string][])('%j holds a field that is not known: refused, naming it', async (json, field) => {
      await expectUntouched(office, () => edit(json), invalid({ [field.replace(/^form\//, '')]: 'FIELD_UNKNOWN' }));
    });

    it.each([
      [{}, 'FIELD_REQUIRED'],
      [{ form: 1 }, 'FIELD_TYPE'],
      [{ form: null }, 'FIELD_TYPE'],
      [{ form: [] }, 'FIELD_TYPE'],
    ])('%j is no edit: refused, naming the form', async (json, code) => {
      await expectUntouched(office, () => edit(json), invalid({ form: code }));
    });

    it('what is right is kept, and a phone is kept in one form however it was typed', async () => {
      const { phone } = me;
      const typed = `+86 ${phone.slice(0, 3)} ${phone.slice(3)}`;
      await me.person.patch(`/api/v1/drafts/${draftId}`, { form: { agent: { phone: typed }, organisation: { uscc: RIGHT_USCC } } });
      const { form } = await readDraft(me, draftId);
      expect([form.agent?.phone, form.organisation?.uscc, form.organisation?.certificateName]).toEqual([
        phone,
        RIGHT_USCC,
        '成都甲乙丙医药有限公司',
      ]);
    });
  });

  describe('versions', () => {
    it('an edit made from an older state is refused', async () => {
      const { version } = await readDraft(me, draftId);
      expect((await edit({ version, form: { remarks: '甲' } })).status).toBe(200);
      await expectUntouched(office, () => edit({ version, form: { remarks: '乙' } }), { status: 409, code: 'DRAFT_CHANGED' });
    });

    it('of two edits made from the same state at once, one is taken', async () => {
      const { version } = await readDraft(me, draftId);
      const answers = await Promise.all(['丙', '丁'].map((remarks) => edit({ version, form: { remarks } })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it.each([1.5, '1', null, 1e300])('the version %j is refused', async (version) => {
      await expectUntouched(
        office,
        () => edit({ version, form: {} }),
        invalid({ version: version === 1e300 ? 'FIELD_RANGE' : 'FIELD_TYPE' }),
      );
    });
  });

  describe('opening', () => {
    const open = (json: unknown) => me.person.attempt('POST', '/api/v1/drafts', { json });
    const system = 'sichuan-medicine-procurement';
    it.each([
      [{ business: 'gift', system }, { business: 'FIELD_CHOICE' }],
      [{ business: 'new', system: 'lottery' }, { system: 'FIELD_CHOICE' }],
      [{ business: '__proto__', system }, { business: 'FIELD_CHOICE' }],
      [{}, { business: 'FIELD_REQUIRED', system: 'FIELD_REQUIRED' }],
      [{ business: 'new', system, id: randomUUID() }, { id: 'FIELD_UNKNOWN' }],
      [[], { '': 'FIELD_TYPE' }],
    ])('%j opens no draft', async (json, fields) => {
      await expectUntouched(office, () => open(json), invalid(fields));
    });
  });

  describe('whose it is', () => {
    it('the same phone goes on with it in another session, elsewhere', async () => {
      const before = await readDraft(me, draftId);
      office.clock.forward(61_000);
      const elsewhere = await applicant(office, me.phone);
      expect(await readDraft(elsewhere, draftId)).toEqual(before);
      expect((await elsewhere.person.get<DraftView[]>('/api/v1/drafts')).map(({ id }) => id)).toContain(draftId);
      await elsewhere.person.patch(`/api/v1/drafts/${draftId}`, { form: { remarks: '在另一台电脑上' } });
      expect((await readDraft(me, draftId)).form.remarks).toBe('在另一台电脑上');
    });

    const calls: [string, string, unknown][] = [
      ['GET', '', undefined],
      ['PATCH', '', { form: {} }],
      ['PUT', '/consents/personal-data', { version: '2026-01' }],
      ['POST', '/submission', {}],
      ['GET', '/application-form.pdf', undefined],
    ];
    it.each(calls)('%s %s on another person’s draft answers exactly like one that does not exist', async (method, path, json) => {
      const stranger = await applicant(office);
      const answerFor = async (id: string) => {
        const address = `/api/v1/drafts/${id}${path}`;
        const problem = await expectUntouched(
          office,
          () => stranger.person.attempt(method, address, { json, headers: { 'Idempotency-Key': randomUUID() } }),
          notFound,
        );
        return { ...problem, requestId: '', instance: '' };
      };
      const [theirs, none, nonsense] = [await answerFor(draftId), await answerFor(randomUUID()), await answerFor('1')];
      expect(theirs).toEqual(none);
      expect(nonsense).toEqual(none);
      expect(await stranger.person.get('/api/v1/drafts')).toEqual([]);
    });
  });

  describe('consents', () => {
    const accept = (agreement: string, version: unknown) =>
      me.person.attempt('PUT', `/api/v1/drafts/${draftId}/consents/${agreement}`, { json: { version } });

    it('another version than the present one is refused', async () => {
      await expectUntouched(office, () => accept('personal-data', '2025-12'), invalid({ version: 'CONSENT_MISSING' }));
      await expectUntouched(office, () => accept('personal-data', 2026), invalid({ version: 'FIELD_TYPE' }));
    });

    it('an agreement that does not exist is not found', async () => {
      for (const name of ['lottery', '__proto__', 'constructor']) await expectUntouched(office, () => accept(name, '2026-01'), notFound);
    });

    it('are recorded with their version, time and session, once', async () => {
      const phone = freshPhone();
      const who = await applicant(office, phone);
      const id = await openDraft(who);
      const earliest = office.clock.now();
      await who.person.put(`/api/v1/drafts/${id}/consents/personal-data`, { version: '2026-01' });
      const latest = office.clock.now();
      await who.person.put(`/api/v1/drafts/${id}/consents/personal-data`, { version: '2026-01' });
      const consents: { agreement: string; version: string; accepted_at: Date; session_id: string }[] = await office.data.query(
        'SELECT agreement, version, accepted_at, session_id FROM consent WHERE draft_id = $1',
        [id],
      );
      const sessions: { id: string }[] = await office.data.query('SELECT id FROM session WHERE phone = $1', [phone]);
      expect(consents.map(({ agreement, version, session_id }) => ({ agreement, version, session_id }))).toEqual([
        { agreement: 'personal-data', version: '2026-01', session_id: sessions[0]?.id },
      ]);
      const acceptedAt = consents[0]?.accepted_at.getTime() ?? 0;
      expect(acceptedAt).toBeGreaterThanOrEqual(earliest.getTime());
      expect(acceptedAt).toBeLessThanOrEqual(latest.getTime());
    });
  });
});
