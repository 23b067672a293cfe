/** The CA's keys, opened with a passphrase that only the pki worker's environment has. */
import { takeSecret, type Settings } from '#config';
import { AuthorityCertificate, PublishedCrl } from '#persistence';
import { openAuthority, readRevocationList, type Authority } from '#pki';
import type { DataSource } from 'typeorm';

export async function openPki(settings: Settings, now: () => Date): Promise<Authority> {
  const passphrase = takeSecret('XINYIN_PKI_PASSPHRASE', 'serve the queue pki');
  const base = settings.urls.responder;
  const urls = { crl: `${base}/crl/issuing.crl`, ocsp: `${base}/ocsp`, caIssuers: `${base}/ca/issuing.cer` };
  return openAuthority({ folder: settings.folders.pki, passphrase, urls, now });
}

/** Puts what relying parties fetch where the responder finds it: the certificates, and the root's revocation list when it is a new one. */
export async function publishAuthority(data: DataSource, authority: Authority): Promise<void> {
  const certificates = {
    root: authority.rootCertificate,
    issuing: authority.issuingCertificate,
    'seal-maker': authority.sealMakerCertificate,
  } as const;
  for (const role of ['root', 'issuing', 'seal-maker'] as const)
    await data.manager.upsert(AuthorityCertificate, { role, der: certificates[role] }, ['role']);
  const der = authority.rootCrl();
  const { number, thisUpdate, nextUpdate } = await readRevocationList(der);
  await data
    .createQueryBuilder()
    .insert()
    .into(PublishedCrl)
    .values({ issuer: 'root', number, thisUpdate, nextUpdate, der })
    .orIgnore()
    .execute();
}
