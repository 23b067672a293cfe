/** From completion to the courier. The Friday's own workflow does the work for all its letters and tells each case. */
import { condition, setHandler } from '@temporalio/workflow';
import { dispatchProgress, type DispatchNotice } from '../contract/index.js';
import type { Case } from './case.js';
import { outside } from './proxies.js';

export async function bindAndDispatch(current: Case): Promise<void> {
  const { applicationId } = current;
  const notices: DispatchNotice[] = [];
  setHandler(dispatchProgress, (notice) => void notices.push(notice));
  current.enter('dispatch', 'friday', null);
  for (;;) {
    await condition(() => notices.length > 0);
    const notice = notices.shift();
    if (notice?.step === 'carried') {
      await current.attempt(() => outside.sendSms({ applicationId, template: 'carried', onceKey: `carried/${notice.day}` }));
    }
    if (notice?.step === 'moved') {
      await current.attempt(() => outside.sendSms({ applicationId, template: 'dispatch-moved', onceKey: `moved/${notice.time}` }));
    }
    if (notice?.step === 'handed-over') {
      await current.attempt(() => outside.sendSms({ applicationId, template: 'dispatched', onceKey: 'dispatched' }));
      return;
    }
  }
}
