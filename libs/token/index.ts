/**
 * The software token: what a USB key does, in a file, by the rules of GM/T 0016 (SKF).
 *
 * Promises: no private key leaves through this face, and none of the holder's stands in clear in the file; a PIN has a limited number of
 * tries, counted on disk before each is judged, also across restarts and between processes; a token far from the desk is unlocked by one
 * answer to one challenge, which is of no use for any other and tells nothing of the administrator's PIN; a container keeps its signing
 * pair for life; keys and certificates that do not belong together are refused; a crash leaves the token as it was before or after a
 * change, never between.
 * What it cannot promise and a USB key can: whoever copies the file can try PINs on the copy, at the cost of one scrypt a try; and who has
 * a copy made while a challenge waited, and that challenge's answer, opens the copy.
 */
export { openTokenDrawer, type TokenDrawer, type TokenDrawerOptions } from './drawer.js';
export { checkNewPin } from './pin.js';
export { INITIAL_USER_PIN } from './pin-guard.js';
export { errorOfReturnCode, returnCodes, type ReturnCode } from './return-codes.js';
export type { ScryptCost } from './pin.js';
export type { Issued, KeyView, SoftwareToken, TokenView } from './token.js';
export type { KeyRole } from './content.js';
