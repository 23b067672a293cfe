/**
 * G/D: histories hold ids and codes, never personal data (they are kept for years and read by whoever looks after the engine). The
 * stories are lived anew, against the present code, and their histories searched for everything people said and were told.
 */
import { jest } from '@jest/globals';
import { quietEngine } from '#temporal';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../world/bundle.js';
import { fromJson, textsIn, type HistoryJson } from './history-json.js';
import { liveStories, type Stories } from './stories.js';

jest.setTimeout(300_000);

/** As a word of its own: six digits may stand by chance in the middle of an id. */
const said = (text: string) => new RegExp(`(?<![\\da-zA-Z.-])${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\da-zA-Z-])`, 'u');
const spoken = (personal: readonly string[], history: HistoryJson) => {
  const texts = textsIn(history).join('\n');
  return personal.filter((text) => said(text).test(texts));
};

describe('personal data in histories', () => {
  let stories: Stories;
  beforeAll(async () => {
    quietEngine('ERROR');
    stories = await liveStories();
  });

  it('what was said in the stories holds phones, names, numbers, addresses, accounts, messages and a code', () => {
    expect(stories.personal).toEqual(
      expect.arrayContaining(['17100029999', '成都补正医药有限公司', '李经办', '510104199001010019', '6222 0000 0000 0000']),
    );
    expect(stories.personal.some((text) => /^\d{6}$/.test(text))).toBe(true);
    expect(stories.personal.some((text) => text.startsWith('【信印】'))).toBe(true);
  });

  it('none of it is in any history', () => {
    for (const { name, history } of stories.recorded) expect([name, spoken(stories.personal, history)]).toEqual([name, []]);
  });

  it('the search finds what is there, also inside a payload', () => {
    const payload = Buffer.from(JSON.stringify({ phone: '17100029999' })).toString('base64');
    expect(spoken(stories.personal, { events: [{ input: { payloads: [{ data: payload }] } }] })).toEqual(['17100029999']);
  });

  it('what was lived just now replays', async () => {
    const bundle = { codePath: await workflowBundle() };
    for (const { name, history } of stories.recorded)
      await expect(Worker.runReplayHistory({ workflowBundle: bundle }, fromJson(history), name)).resolves.toBeUndefined();
  });
});
