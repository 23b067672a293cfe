/** PINs and their retry counts (GM/T 0016). A try is written to disk before it is judged: pulling the token out does not win it back. */
import { XinyinError } from '#domain';
import type { PinRole, PinSlot, UnblockSlot } from './content.js';
import { checkNewPin, openWithPin, sealUnderPin } from './pin.js';
import { newUnblockSlot, openWithAnswer, renewed, unblockKeyOf, withChallenge } from './remote-unblock.js';
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
    const storageKey = this.verify('admin', adminPin);
    const { serialNumber } = this.file;
    const unblock = newUnblockSlot(unblockKeyOf(adminPin, serialNumber), serialNumber, storageKey);
    this.setUserPin(storageKey, newPin, unblock);
  }

  /** The challenge that waits for its answer, or a fresh one. @throws XinyinError TOKEN_UNBLOCK_UNSUPPORTED */
  challenge(): string {
    return this.file.update((content) => {
      const { slot, challenge } = withChallenge(requireSlot(content.unblock));
      content.unblock = slot;
      return challenge;
    });
  }

  /** @throws XinyinError TOKEN_ANSWER_WRONG, which spends nothing: there is no guessing 256 bits; TOKEN_UNBLOCK_UNSUPPORTED */
  unblockByAnswer(answer: string, newPin: string): void {
    checkNewPin(newPin);
    const slot = requireSlot(this.file.read().unblock);
    const storageKey = openWithAnswer(slot, this.file.serialNumber, answer);
    if (!storageKey) throw new XinyinError('TOKEN_ANSWER_WRONG');
    this.setUserPin(storageKey, newPin, renewed(slot, this.file.serialNumber, storageKey));
  }

  private spendTry(role: PinRole): PinSlot {
    return this.file.update(({ pins }) => {
      const slot = pins[role];
      if (slot.left === 0) throw new XinyinError('TOKEN_PIN_LOCKED');
      slot.left -= 1;
      return slot;
    });
  }

  /** `unblock`: the slot of before was used, or there was none. */
  private setUserPin(storageKey: Buffer, newPin: string, unblock?: UnblockSlot): void {
    this.file.update((content) => {
      const { limit, scrypt } = content.pins.user;
      content.pins.user = { limit, left: limit, ...sealUnderPin(newPin, storageKey, this.context('user'), scrypt) };
      content.initialPin = newPin === INITIAL_USER_PIN;
      if (unblock) content.unblock = unblock;
    });
    storageKey.fill(0);
  }

  private context(role: PinRole): string {
    return pinContext(this.file.serialNumber, role);
  }
}

function requireSlot(slot: UnblockSlot | null): UnblockSlot {
  if (!slot) throw new XinyinError('TOKEN_UNBLOCK_UNSUPPORTED');
  return slot;
}

export const pinContext = (serialNumber: string, role: PinRole) => `${serialNumber}/pin/${role}`;
