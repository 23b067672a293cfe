/** A Friday's batch: which letters, binding on the platform, labels and waybills, hand-over, report. Each step finds what was done before. */
export { promiseFriday } from './carry.js';
export { dispatchRecordActivities } from './records.js';
export { dispatchActivities } from './packing.js';
export { dispatchPaperActivities } from './papers.js';
export { fridaysToMakeUp, fridayWatchActivities } from './watch.js';
