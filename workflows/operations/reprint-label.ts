/** A label is printed again: the platform resets the password first. */
import type { ReprintInput } from '../contract/index.js';
import { documents } from '../stages/proxies.js';

export const reprintLabel = (input: ReprintInput): Promise<void> => documents.resetLabel(input);
