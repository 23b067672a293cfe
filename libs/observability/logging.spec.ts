import { execFileSync } from 'node:child_process';

const PHONE = '13800138000';
const IDENTITY = '510104199003070015';
const NAME = '成都信印科技有限公司';
const CODE = '482913';
const SECRET = 'hunter2-hunter2';

const entries: Record<string, unknown>[] = [
  { applicationId: '0193c0de-0000-7000-8000-000000000001', outcome: 'approved', seconds: 0.25 },
  { phone: PHONE, code: CODE, password: SECRET, pin: '12345678' },
  { identityNumber: IDENTITY, certificateName: NAME, payerName: NAME, address: NAME, text: `验证码 ${CODE}` },
  { cookie: SECRET, authorization: SECRET, secret: SECRET },
  { agent: { phone: PHONE, identityNumber: IDENTITY }, organisation: { certificateName: NAME } },
  { headers: { cookie: SECRET, authorization: `Bearer ${SECRET}` }, settings: { secret: SECRET } },
  { message: { template: 'login-code', phone: PHONE, text: `验证码 ${CODE}`, code: CODE } },
];

/** The logger writes to the standard output of its process, so it has one of its own. */
function logLines(): Record<string, unknown>[] {
  const program = `
    import { createLogger } from '#observability';
    const log = createLogger('worker-business');
    for (const entry of JSON.parse(process.argv[1])) log.info(entry, 'told');
    log.debug('not told');
    log.child({ requestId: 'r-1' }).warn({ phone: '${PHONE}' }, 'from a child');
    createLogger('api', 'silent').error('not told');`;
  const { NODE_OPTIONS, ...env } = process.env;
  const flags = ['--conditions=source', '--import', '@swc-node/register/esm-register', '--input-type=module', '--eval'];
  const output = execFileSync(process.execPath, [...flags, program, JSON.stringify(entries)], { env, encoding: 'utf8' });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('log lines', () => {
  let lines: Record<string, unknown>[];
  beforeAll(() => {
    lines = logLines();
  });

  it('are one JSON object an entry, with their process and their level; what is below the level is not written', () => {
    expect(lines).toHaveLength(entries.length + 1);
    for (const line of lines)
      expect(line).toMatchObject({ process: 'worker-business', level: expect.any(Number), msg: expect.any(String) });
  });

  it('keep ids, outcomes and figures', () => {
    expect(lines[0]).toMatchObject(entries[0] ?? {});
  });

  it.each([
    ['phone', PHONE],
    ['identity number', IDENTITY],
    ['name', NAME],
    ['SMS code', CODE],
    ['PIN', '12345678'],
    ['secret', SECRET],
  ])('hold no %s under a telling name, at the top or one below', (_, value) => {
    expect(lines.filter((line) => JSON.stringify(line).includes(value))).toEqual([]);
  });

  it('say that something was removed, so that nobody takes it for absent', () => {
    expect(lines[1]).toMatchObject({ phone: '[removed]', code: '[removed]', password: '[removed]', pin: '[removed]' });
    expect(lines[4]).toMatchObject({ agent: { phone: '[removed]', identityNumber: '[removed]' } });
  });

  it('of a child logger keep both its own facts and the promise', () => {
    expect(lines.at(-1)).toMatchObject({ process: 'worker-business', requestId: 'r-1', phone: '[removed]', msg: 'from a child' });
  });
});
