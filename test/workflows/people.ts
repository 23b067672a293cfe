/** Staff of a window in workflow specs, by id, and what they send. */
import type { WindowReceipt } from '#workflows/contract';

const staffId = (last: string) => `0198c0de-0000-7000-8000-0000000000${last}`;
export const CLERK = staffId('11');
export const SECOND_CLERK = staffId('12');
export const REVIEWER = staffId('13');
export const SUPERVISOR = staffId('14');
export const SERVICE = staffId('15');
/** Another clerk, who has put scans to a case. */
export const FILER = staffId('16');

export const receipt = (by: string, slipNumber = 'POS-0001'): WindowReceipt => ({ method: 'card', slipNumber, amountFen: 5_000, by });
