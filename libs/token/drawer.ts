/** The drawer of software tokens: a folder with one file a token. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { fieldError, textProblem, XinyinError } from '#domain';
import type { TokenContent } from './content.js';
import { INITIAL_USER_PIN, pinContext } from './pin-guard.js';
import { checkNewPin, DEFAULT_COST, newStorageKey, sealUnderPin, type ScryptCost } from './pin.js';
import { answerUnblockChallenge, newUnblockSlot, unblockKeyOf } from './remote-unblock.js';
import { TokenFile } from './token-file.js';
import { SoftwareToken } from './token.js';

export interface TokenDrawerOptions {
  /**
   * The administrator's PIN of a new token. Whoever gives it keeps it: without it a locked token stays locked, and so does every token
   * of a drawer opened without this option. As hard to guess as a key: a token shows what is derived from it to whoever can read its file.
   */
  adminPin?: (serialNumber: string) => string;
  /** Wrong tries before the PIN is locked. */
  retryLimits?: { user: number; admin: number };
  /** For new tokens; lower it in tests only. */
  scrypt?: ScryptCost;
}

export interface TokenDrawer {
  /** A fresh token. The same serial gives the same token, whatever happened to it since. */
  blank(serialNumber: string, label: string): SoftwareToken;
  /** @throws XinyinError NOT_FOUND */
  insert(serialNumber: string): SoftwareToken;
  /**
   * A token that its holder has brought to the desk: its PIN is set to the initial one by the administrator's, so that nobody has to tell theirs.
   * @throws XinyinError NOT_FOUND; TOKEN_PIN_WRONG, TOKEN_PIN_LOCKED of the administrator
   */
  reset(serialNumber: string): SoftwareToken;
  /**
   * The desk's answer to a token that is elsewhere: of use to that token alone, for this challenge alone.
   * @throws XinyinError TOKEN_CHALLENGE_WRONG for a challenge that is not this token's
   */
  answerUnblock(serialNumber: string, challenge: string): string;
  serialNumbers(): string[];
}

const SERIAL_NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const DEFAULT_LIMITS = { user: 6, admin: 6 };

export function openTokenDrawer(folder: string, options: TokenDrawerOptions = {}): TokenDrawer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    blank(serialNumber, label) {
      checkSerialNumber(serialNumber);
      if (label.length > 64 || textProblem(label)) throw fieldError('label', 'FIELD_FORMAT');
      const file = new TokenFile(folder, serialNumber);
      file.create(() => blankContent(serialNumber, label, options));
      return new SoftwareToken(file);
    },
    insert(serialNumber) {
      if (!SERIAL_NUMBER.test(serialNumber)) throw new XinyinError('NOT_FOUND');
      const file = new TokenFile(folder, serialNumber);
      file.read();
      return new SoftwareToken(file);
    },
    reset(serialNumber) {
      const token = this.insert(serialNumber);
      if (!options.adminPin) throw new XinyinError('TOKEN_PIN_LOCKED');
      token.unblockPin(options.adminPin(serialNumber), INITIAL_USER_PIN);
      return token;
    },
    answerUnblock(serialNumber, challenge) {
      if (!options.adminPin) throw new XinyinError('TOKEN_PIN_LOCKED');
      return answerUnblockChallenge(unblockKeyOf(options.adminPin(serialNumber), serialNumber), challenge);
    },
    serialNumbers() {
      const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
      return names
        .map((name) => name.slice(0, -'.json'.length))
        .filter((name) => SERIAL_NUMBER.test(name))
        .sort();
    },
  };
}

function blankContent(serialNumber: string, label: string, options: TokenDrawerOptions): TokenContent {
  const { user, admin } = options.retryLimits ?? DEFAULT_LIMITS;
  const scrypt = options.scrypt ?? DEFAULT_COST;
  const adminPin = options.adminPin?.(serialNumber) ?? randomBytes(8).toString('hex');
  checkNewPin(adminPin);
  const storageKey = newStorageKey();
  const content: TokenContent = {
    format: 'xinyin-token/1',
    serialNumber,
    label,
    initialPin: true,
    pins: {
      user: { limit: user, left: user, ...sealUnderPin(INITIAL_USER_PIN, storageKey, pinContext(serialNumber, 'user'), scrypt) },
      admin: { limit: admin, left: admin, ...sealUnderPin(adminPin, storageKey, pinContext(serialNumber, 'admin'), scrypt) },
    },
    unblock: options.adminPin ? newUnblockSlot(unblockKeyOf(adminPin, serialNumber), serialNumber, storageKey) : null,
    containers: {},
  };
  storageKey.fill(0);
  return content;
}

function checkSerialNumber(serialNumber: string): void {
  // It becomes a file name: nothing that could lead out of the folder.
  if (!SERIAL_NUMBER.test(serialNumber)) throw fieldError('serialNumber', 'FIELD_FORMAT');
}
