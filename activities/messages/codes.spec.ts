import { hiddenValuesOf, smsTemplates, type SmsTemplate } from '#domain';
import { hiddenValues } from './codes.js';

const DEPS = { codeKey: Buffer.alloc(32, 7), apiUrl: 'https://xinyin.test' };
/** Those of cases: a login code is no message of a case, and is not kept at all. */
const ofCases = (Object.keys(smsTemplates) as SmsTemplate[]).filter((template) => template !== 'login-code');

describe('what a message says beside the values that are kept of it', () => {
  it.each(ofCases)('%s: is exactly what its row hides', (template) => {
    const values = { number: 'XB-2026-000123', linkId: '01a2116a-b6c1-7716-ab3f-c1ba71af01f9' };
    const added = hiddenValues(DEPS, { template, applicationId: 'one', onceKey: `one/${template}/two/1`, values });
    expect(Object.keys(added)).toEqual(hiddenValuesOf(template));
  });
});
