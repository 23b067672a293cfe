/**
 * 经办人变更. Promises: one change of a case at a time; a second person decides; nothing is changed before the new phone is proven, and then
 * everything at once, so that one phone and no other opens the case.
 */
export { agentChangeActivities } from './records.js';
export { agentChangeCodeActivities } from './code.js';
