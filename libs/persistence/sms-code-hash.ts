/** How codes are kept. Six digits are soon tried out, so the hash is keyed: who has the table alone learns nothing. */
import { createHmac } from 'node:crypto';

export function smsCodeHash(key: Buffer, codeId: string, code: string): Buffer {
  return createHmac('sha256', key).update(`${codeId}/${code}`).digest();
}
