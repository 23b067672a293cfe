/** Textual encoding, RFC 7468, strict form: 64 characters a line. */
import { refusal } from './refusal.js';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PUBLIC KEY' | 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY';

export function toPem(label: PemLabel, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The bytes of the first block that bears the label. */
export function fromPem(label: PemLabel, text: string): Buffer {
  const block = new RegExp(`-----BEGIN ${label}-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END ${label}-----`).exec(text);
  if (!block?.[1]) throw refusal('pem');
  return Buffer.from(block[1], 'base64');
}
