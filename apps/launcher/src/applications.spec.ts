import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationChildren, prepareCommand, sandboxChild } from './applications.js';
import { describeInstallation } from './installation.js';
import { loadOrCreateSecrets } from './secrets.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'xinyin-applications-'));
});
afterAll(() => {
  rmSync(home, { recursive: true });
  delete process.env['XINYIN_OCSP_SECRET'];
});

describe('the environment of our processes', () => {
  const told = (variable: string): string[] => {
    // Whoever starts the launcher may have them set: they reach nobody by inheritance.
    process.env['XINYIN_OCSP_SECRET'] = 'inherited';
    const installation = describeInstallation(home, { XINYIN_HOME: home });
    const secrets = loadOrCreateSecrets(home);
    const children = [...applicationChildren(installation, secrets), sandboxChild(installation, secrets)];
    const all = [...children, { name: 'prepare', env: prepareCommand(installation, secrets).env }];
    return all.filter(({ env }) => env?.[variable] !== undefined).map(({ name, env }) => `${name} ${env?.[variable] === 'inherited'}`);
  };

  it('holds the passphrase of the CA keys for the pki worker alone', () => {
    expect(told('XINYIN_PKI_PASSPHRASE')).toEqual(['pki-worker false']);
  });

  it('holds the secret between responder and pki worker for these two alone', () => {
    expect(told('XINYIN_OCSP_SECRET')).toEqual(['pki-worker false', 'responder false']);
  });
});
