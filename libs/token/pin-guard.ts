/** PINs and their retry counts (GM/T 0016). A try is written to disk before it is judged: pulling the token out does not win it back. */
import { XinyinError } from '#domain';
import type { PinRole, PinSlot } from './content.js';
import { checkNewPin, openWithPin, sealUnderPin } from './pin.js';
import type { TokenFile } from './token-file.js';

/** The PIN with which every token is delivered. */
export const INITIAL_USER_PIN = '12345678';

export class PinGuard {
  constructor(private readonly file: TokenFile) {}

  /** The storage key. @throws XinyinError TOKEN_PIN_WRONG with what is left, TOKEN_PIN_LOCKED when nothing is */
  verify(role: PinRole, pin: string): Buffer {
    const slot = this.spendTry(role);
    const storageKey = openWithPin(pin, slot, this.context(role));
    if (!storageKey) {
      throw slot.left === 0 ? new XinyinError('TOKEN_PIN_LOCKED') : new XinyinError('TOKEN_PIN_WRONG', { params: { left: slot.left } });
    }
    this.file.update(({ pins }) => {
      pins[role].left = pins[role].limit;
    });
    return storageKey;
  }

  change(oldPin: string, newPin: string): void {
    checkNewPin(newPin);
    this.setUserPin(this.verify('user', oldPin), newPin);
  }

  unblock(adminPin: string, newPin: string): void {
    checkNewPin(newPin);
    this.setUserPin(this.verify('admin', adminPin), newPin);
  }

  private spendTry(role: PinRole): PinSlot {
    return this.file.update(({ pins }) => {
      const slot = pins[role];
      if (slot.left === 0) throw new XinyinError('TOKEN_PIN_LOCKED');
      slot.left -= 1;
      return slot;
    });
  }

  private setUserPin(storageKey: Buffer, newPin: string): void {
    this.file.update((content) => {
      const { limit, scrypt } = content.pins.user;
      content.pins.user = { limit, left: limit, ...sealUnderPin(newPin, storageKey, this.context('user'), scrypt) };
      content.initialPin = newPin === INITIAL_USER_PIN;
    });
    storageKey.fill(0);
  }

  private context(role: PinRole): string {
    return pinContext(this.file.serialNumber, role);
  }
}

export const pinContext = (serialNumber: string, role: PinRole) => `${serialNumber}/pin/${role}`;
