/**
 * The return codes of GM/T 0016 (SKF) that a real token's driver answers with, and what they are in this product. From 31 on vendors
 * differ, so nothing beyond is listed; a code that is not here is a fault of the token.
 */
import type { ErrorCode } from '#domain';

export interface ReturnCode {
  readonly code: number;
  readonly meaning: string;
  readonly error: ErrorCode;
}

export const returnCodes = {
  PIN_INCORRECT: { code: 0x0a000024, meaning: 'PIN incorrect', error: 'TOKEN_PIN_WRONG' },
  PIN_LOCKED: { code: 0x0a000025, meaning: 'PIN locked', error: 'TOKEN_PIN_LOCKED' },
  PIN_INVALID: { code: 0x0a000026, meaning: 'PIN invalid', error: 'INPUT_INVALID' },
  PIN_LENGTH: { code: 0x0a000027, meaning: 'PIN length out of range', error: 'INPUT_INVALID' },
  ALREADY_LOGGED_IN: { code: 0x0a000028, meaning: 'user already logged in', error: 'TOKEN_CONTENT' },
  APPLICATION_NAME: { code: 0x0a00002b, meaning: 'application name invalid', error: 'TOKEN_CONTENT' },
  APPLICATION_EXISTS: { code: 0x0a00002c, meaning: 'application exists', error: 'TOKEN_CONTENT' },
  NOT_LOGGED_IN: { code: 0x0a00002d, meaning: 'user not logged in', error: 'TOKEN_NOT_LOGGED_IN' },
  NO_APPLICATION: { code: 0x0a00002e, meaning: 'application does not exist', error: 'NOT_FOUND' },
  FILE_EXISTS: { code: 0x0a00002f, meaning: 'file exists', error: 'TOKEN_CONTENT' },
  NO_ROOM: { code: 0x0a000030, meaning: 'no room', error: 'TOKEN_CONTENT' },
} as const satisfies Record<string, ReturnCode>;

/** Our error for a driver's return code. */
export function errorOfReturnCode(code: number): ErrorCode {
  return Object.values<ReturnCode>(returnCodes).find((each) => each.code === code)?.error ?? 'TOKEN_CONTENT';
}
