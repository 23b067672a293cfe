/**
 * In the assistant, on the holder's own token: it brings the request for a new key, gets what was issued for it, installs, confirms.
 * An installation that breaks off is taken up again: what was issued for the request stays what it is.
 */
import { condition } from '@temporalio/workflow';
import { confirmInstallation, requestInstallation } from '../contract/index.js';
import type { Case } from './case.js';
import { msUntil } from './clock.js';
import { outside, pki, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

/** The one token that a business about a certificate fills. */
const index = 1;

export async function install(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('installation');
  let requested = false;
  let issued = false;
  let installed = false;
  onUpdate(
    requestInstallation,
    async () => {
      requested = true;
      await condition(() => issued || current.stage === 'closed');
      refuseUnless(issued, 'STAGE_REFUSES');
    },
    () => refuseUnless(current.stage === 'installation' && !installed, 'STAGE_REFUSES'),
  );
  onUpdate(
    confirmInstallation,
    async () => {
      await records.confirmInstallation({ applicationId });
      installed = true;
    },
    () => refuseUnless(current.stage === 'installation' && issued, 'STAGE_REFUSES'),
  );
  await records.openInstallation({ applicationId, until: until.toISOString() });
  current.enter('installation', 'assistant', until);
  await current.attempt(() => outside.sendSms({ applicationId, template: 'install-ready', onceKey: 'install-ready' }));
  await condition(() => requested, msUntil(until), { summary: '等待证书助手安装 Installation is due' });
  // Not by the timer's word: the request may have come in its very moment.
  if (!requested) current.end('not-installed');
  current.beginIssuing();
  await current.attempt(() => pki.issueCertificates({ applicationId, index }));
  await current.attempt(() => pki.makeSeal({ applicationId, index }));
  issued = true;
  // From here on there are two pairs, and only the holder's confirmation ends the old one.
  await condition(() => installed);
}
