/** The CA's keys, opened with a passphrase that only the pki worker's environment has. */
import { SettingsError, type Settings } from '#config';
import { openAuthority, type Authority } from '#pki';

export async function openPki(settings: Settings, now: () => Date): Promise<Authority> {
  const passphrase = process.env['XINYIN_PKI_PASSPHRASE'];
  if (!passphrase) throw new SettingsError('XINYIN_PKI_PASSPHRASE: needed to serve the queue pki');
  // Not for anything this process starts.
  delete process.env['XINYIN_PKI_PASSPHRASE'];
  const base = settings.urls.responder;
  const urls = { crl: `${base}/crl/issuing.crl`, ocsp: `${base}/ocsp`, caIssuers: `${base}/ca/issuing.cer` };
  return openAuthority({ folder: settings.folders.pki, passphrase, urls, now });
}
