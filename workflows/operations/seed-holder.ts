/** Demonstrations only: a holder with a certificate that ends soon, so that its renewal can be shown. The pki worker refuses it elsewhere. */
import type { SeedHolderInput } from '../contract/index.js';
import { pki, records, station } from '../stages/proxies.js';

const index = 1;

export async function seedHolder({ applicationId, notAfter }: SeedHolderInput): Promise<void> {
  await station.makeSigningKey({ applicationId, index });
  await pki.issueCertificates({ applicationId, index, demoNotAfter: notAfter });
  await pki.makeSeal({ applicationId, index });
  await station.writeToken({ applicationId, index });
  await records.closeCase({ applicationId, outcome: 'dispatched' });
}
