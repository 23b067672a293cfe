/** The pages as a browser without scripts uses them. */
import { specWorld } from '../spec/world.js';

const world = specWorld();
beforeEach(world.start);
afterEach(world.close);
const read = async (path: string) => (await fetch(world.url + path)).text();
const submit = (path: string, form: Record<string, string>) =>
  fetch(world.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

const TRANSFER = { payerName: '成都某某药业有限公司', payerAccount: '5100123', payerAccountType: 'corporate', remittance: '', push: 'on' };

describe('pages', () => {
  it.each(['/', '/sms', '/sms2', '/bank', '/platform', '/invoice', '/courier'])(
    '%s: Chinese first, English beside, no script allowed',
    async (path) => {
      const response = await fetch(world.url + path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
      const text = await response.text();
      expect(text).toContain('<html lang="zh-CN">');
      expect(text).not.toContain('<script');
      for (const link of ['/sms', '/sms2', '/bank', '/platform', '/invoice', '/courier']) expect(text).toContain(`href="${link}"`);
    },
  );

  it('show what strangers write as the letters they are', async () => {
    const text = '<script>alert(1)</script>"&\'';
    await world.gateways.sms.send({ idempotencyKey: 'case-1/sms', phone: '13800138000', text, template: 'completed' });
    await world.people('POST', '/bank/transfers', { ...TRANSFER, push: false, amountFen: 1, payerName: text, remittance: text });
    for (const path of ['/sms', '/bank', `/sms?phone=${encodeURIComponent('"><script>')}`])
      expect(await read(path)).not.toContain('<script');
    expect(await read('/sms')).toContain('&lt;script&gt;alert(1)');
  });

  it.each([
    ['450', 45000],
    ['450.5', 45050],
    ['0.07', 7],
    ['1.10', 110],
  ])('a transfer of %s yuan is %d fen', async (amountYuan, amountFen) => {
    const response = await submit('/bank/transfers', { ...TRANSFER, amountYuan });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/bank']);
    expect((await world.people('GET', '/bank/entries')).value).toMatchObject([{ amountFen, payerName: TRANSFER.payerName }]);
  });

  it.each(['', '1.234', '-5', '1e3', '１０'])('a transfer of %j yuan is not made, and the page says which field', async (amountYuan) => {
    const response = await submit('/bank/transfers', { ...TRANSFER, amountYuan });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining('amountFen')]);
    expect((await world.people('GET', '/bank/entries')).value).toEqual([]);
  });

  it('certification is toggled by a button', async () => {
    const account = { uscc: '91510100MA6CEXAMP1', account: 'yp-0001' };
    await submit('/platform/role-accounts', { ...account, kind: 'reagents-overseas', status: 'uncertified' });
    expect(await read('/platform')).toContain('未认证');
    await submit('/platform/role-accounts/status', { ...account, status: 'certified' });
    expect(await world.gateways.platform.roleAccount(account)).toMatchObject({ status: 'certified', kind: 'reagents-overseas' });
  });

  it('faults are set and cleared by buttons', async () => {
    await submit('/faults', { system: 'invoice', kind: 'slow', count: '', delayMs: '250' });
    expect((await world.people('GET', '/faults')).value).toEqual([{ system: 'invoice', kind: 'slow', delayMs: 250 }]);
    expect(await read('/invoice')).toContain('until cleared');
    await submit('/faults/invoice/clear', {});
    expect((await world.people('GET', '/faults')).value).toEqual([]);
  });

  it.each(['/nothing', '/sms/nothing', '/courier/waybills/KD9.pdf'])('%s is not found', async (path) => {
    expect((await fetch(world.url + path)).status).toBe(404);
  });

  it('JSON that is none is refused without a stack', async () => {
    const response = await fetch(`${world.url}/faults`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' });
    expect([response.status, await response.text()]).toEqual([400, expect.not.stringContaining('at ')]);
  });
});
