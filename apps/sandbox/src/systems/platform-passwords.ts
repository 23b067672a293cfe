/** Passwords of role accounts, as the platform keeps them: salted digests, also in its journal. */
import { randomBytes, randomInt, scryptSync, timingSafeEqual } from 'node:crypto';

const COST = { N: 1024 };
const digest = (password: string, salt: string) => scryptSync(password, Buffer.from(salt, 'base64'), 32, COST);

export function hashPassword(password: string): string {
  const salt = randomBytes(16).toString('base64');
  return `${salt} ${digest(password, salt).toString('base64')}`;
}

export function isPassword(password: string, hash: string | undefined): boolean {
  const [salt = '', kept = ''] = (hash ?? '').split(' ');
  return kept !== '' && timingSafeEqual(digest(password, salt), Buffer.from(kept, 'base64'));
}

/** Without characters that look alike on a printed label: 0 O, 1 l I. */
export function newPassword(): string {
  const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 10 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
