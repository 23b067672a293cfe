import { checkForm, formFields, isFormField, readField, requirePhone, type ApplicationForm, type PartialForm } from './application-form.js';

const NOW = new Date('2026-03-02T04:00:00Z');
const FORM: ApplicationForm = {
  organisation: { certificateName: '成都信印（集团）有限公司', uscc: '91510100MA62000110', province: '四川省', city: '成都市' },
  agent: { name: '张三', identityNumber: '510104199003070015', phone: '13800138000' },
  delivery: { recipient: '李四', phone: '139 0013 9000', address: '四川省成都市高新区天府大道 500 号', postcode: '610041' },
  roleAccount: { kind: 'drug-production', account: 'SC-YP_0001@x.y' },
  certificates: { count: 1, years: 2 },
  remarks: '已有平台账号',
};
const complete = (form: PartialForm) => checkForm(form, { now: NOW, complete: true });
const draft = (form: PartialForm) => checkForm(form, { now: NOW, complete: false });

/** The form with one field changed. */
function changed(field: string, value: unknown): PartialForm {
  const [section = '', key] = field.split('/');
  if (key === undefined) return { ...FORM, [section]: value };
  return { ...FORM, [section]: { ...FORM[section as 'agent'], [key]: value } };
}
const REQUIRED = Object.keys(formFields).filter((field) => !['remarks', 'cause', 'delivery/postcode'].includes(field));

describe('a form', () => {
  it('that is right has nothing wrong', () => {
    expect(complete(FORM)).toEqual([]);
  });

  it('without anything lacks every required field when it is submitted, and nothing while it is a draft', () => {
    expect(complete({})).toEqual(REQUIRED.map((field) => ({ field, code: 'FIELD_REQUIRED' })));
    expect(draft({})).toEqual([]);
  });

  it.each(REQUIRED)('that lacks %s names it, and only it', (field) => {
    expect(complete(changed(field, undefined))).toEqual([{ field, code: 'FIELD_REQUIRED' }]);
  });

  it.each(['organisation/certificateName', 'agent/name', 'delivery/recipient', 'delivery/address', 'organisation/city'])(
    'has nothing filled in where %s holds only spaces',
    (field) => {
      expect(complete(changed(field, '  \u3000'))).toEqual([{ field, code: 'FIELD_REQUIRED' }]);
    },
  );

  it.each(['remarks', 'cause', 'delivery/postcode'])('needs no %s', (field) => {
    expect(complete(changed(field, undefined))).toEqual([]);
    expect(complete(changed(field, ''))).toEqual([]);
  });

  it('that is a draft has what is filled in checked', () => {
    expect(draft({ organisation: { uscc: '91510100MA62000111' } })).toEqual([{ field: 'organisation/uscc', code: 'USCC_CHECK_DIGIT' }]);
  });

  it('with several mistakes names them all', () => {
    const form = { ...FORM, agent: { name: '张\u0000三', identityNumber: '510104199003070016', phone: '12345' } };
    expect(complete(form)).toEqual([
      { field: 'agent/name', code: 'TEXT_CONTROL_CHARACTER' },
      { field: 'agent/identityNumber', code: 'IDENTITY_NUMBER_INVALID' },
      { field: 'agent/phone', code: 'PHONE_INVALID' },
    ]);
  });

  it.each([
    ['organisation/uscc', '91510100MA6200011', { code: 'USCC_INVALID' }],
    ['organisation/certificateName', '成都😀有限公司', { code: 'CERTIFICATE_NAME_CHARACTER', params: { character: '😀' } }],
    ['organisation/certificateName', ' 成都信印有限公司', { code: 'FIELD_FORMAT' }],
    ['organisation/certificateName', '成都\ud842信印', { code: 'TEXT_LONE_SURROGATE' }],
    ['organisation/certificateName', '字'.repeat(65), { code: 'FIELD_TOO_LONG', params: { limit: 64 } }],
    ['delivery/postcode', '61004', { code: 'FIELD_FORMAT' }],
    ['delivery/address', '字'.repeat(201), { code: 'FIELD_TOO_LONG', params: { limit: 200 } }],
    ['remarks', '字'.repeat(501), { code: 'FIELD_TOO_LONG', params: { limit: 500 } }],
    ['roleAccount/kind', 'toString', { code: 'FIELD_CHOICE' }],
    ['roleAccount/kind', 'hospital', { code: 'FIELD_CHOICE' }],
    ['roleAccount/account', 'a b', { code: 'FIELD_FORMAT' }],
    ['certificates/count', 0, { code: 'FIELD_RANGE', params: { min: 1, max: 20 } }],
    ['certificates/count', 21, { code: 'FIELD_RANGE', params: { min: 1, max: 20 } }],
    ['certificates/count', 1.5, { code: 'FIELD_RANGE', params: { min: 1, max: 20 } }],
    ['certificates/years', 6, { code: 'FIELD_RANGE', params: { min: 1, max: 5 } }],
    ['certificates/years', NaN, { code: 'FIELD_RANGE', params: { min: 1, max: 5 } }],
  ])('is refused with %s = %j', (field, value, finding) => {
    expect(complete(changed(field, value))).toEqual([{ field, ...finding }]);
  });

  it.each([
    ['organisation/certificateName', '字'.repeat(64)],
    ['organisation/certificateName', '\ud842\udfb7'.repeat(64)],
    ['certificates/count', 20],
    ['certificates/years', 5],
    ['remarks', '字'.repeat(500)],
  ])('is taken with %s at its limit', (field, value) => {
    expect(complete(changed(field, value))).toEqual([]);
  });
});

describe('the fields of the form', () => {
  it('are read by their pointer', () => {
    expect(readField(FORM, 'organisation/city')).toBe('成都市');
    expect(readField(FORM, 'remarks')).toBe('已有平台账号');
    expect(readField({}, 'organisation/city')).toBeUndefined();
  });

  it.each(['organisation', 'agent/', '/agent/name', 'constructor', 'agent/toString', ''])('%j is none', (name) => {
    expect(isFormField(name)).toBe(false);
  });

  it('a phone asked for is normalised, or refused on its field', () => {
    expect(requirePhone('+86 138-0013-8000', 'phone')).toBe('13800138000');
    expect(() => requirePhone('123', 'agent/phone')).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        fields: [expect.objectContaining({ field: 'agent/phone', code: 'PHONE_INVALID' })],
      }),
    );
  });
});
