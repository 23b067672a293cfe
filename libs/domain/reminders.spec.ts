import { draftDeletedOn, draftFate, expiryReminder, isSendingTime, orderReminder, correctionIsLate } from './reminders.js';

const at = (text: string) => new Date(`${text}+08:00`);
const END = at('2026-12-31T23:59:59');

describe('D reminders: before a certificate ends at 60, 30, 7 and 1 days, and 1 after', () => {
  it.each([
    ['2026-10-31T23:59:59', null],
    ['2026-11-01T00:00:00', 60],
    ['2026-11-30T10:00:00', 60],
    ['2026-12-01T00:00:00', 30],
    ['2026-12-23T23:59:59', 30],
    ['2026-12-24T00:00:00', 7],
    ['2026-12-29T23:59:59', 7],
    ['2026-12-30T08:00:00', 1],
    ['2026-12-31T23:59:59', 1],
    ['2027-01-01T00:00:00', -1],
    ['2027-01-07T20:00:00', -1],
    ['2027-01-08T00:00:00', null],
  ])('on %s: %s', (now, threshold) => {
    expect(expiryReminder(END, at(now))).toBe(threshold);
  });

  it('counts days of Shanghai, not of Greenwich', () => {
    // 2026-11-01 00:30 in Shanghai is still October at Greenwich.
    expect(expiryReminder(END, new Date('2026-10-31T16:30:00Z'))).toBe(60);
  });
});

describe('D reminders: an unpaid order', () => {
  it.each([
    ['2026-03-04T23:59:59', null],
    ['2026-03-05T00:00:00', 3],
    ['2026-03-08T23:59:59', 3],
    ['2026-03-09T00:00:00', 7],
    ['2026-03-31T00:00:00', 7],
  ])('of 2026-03-02, on %s: %s', (now, days) => {
    expect(orderReminder(at('2026-03-02T18:00:00'), at(now))).toBe(days);
  });
});

describe('D reminders: a returned application after a week', () => {
  it.each([
    ['2026-03-08T23:59:59', false],
    ['2026-03-09T00:00:00', true],
  ])('of 2026-03-02, on %s: %s', (now, late) => {
    expect(correctionIsLate(at('2026-03-02T12:00:00'), at(now))).toBe(late);
  });
});

describe('D reminders: a draft is announced for deletion after 25 days and deleted after 30', () => {
  it.each([
    ['2026-03-26T23:59:59', null],
    ['2026-03-27T00:00:00', 'announce'],
    ['2026-03-31T23:59:59', 'announce'],
    ['2026-04-01T00:00:00', 'delete'],
  ])('touched on 2026-03-02, on %s: %s', (now, fate) => {
    expect(draftFate(at('2026-03-02T09:00:00'), at(now))).toBe(fate);
  });

  it.each([
    ['on the 25th day', '2026-03-27T08:15:00', '2026-04-01'],
    ['two days late', '2026-03-29T19:15:00', '2026-04-03'],
    ['after an outage of a month', '2026-05-04T08:15:00', '2026-05-09'],
  ])('touched on 2026-03-02, announced %s: deleted on the day that was told', (_, announcedAt, day) => {
    expect(draftDeletedOn(at('2026-03-02T09:00:00'), at(announcedAt))).toBe(day);
  });
});

describe('D reminders: never at night', () => {
  it.each([
    ['2026-03-02T07:59:59', false],
    ['2026-03-02T08:00:00', true],
    ['2026-03-02T19:59:59', true],
    ['2026-03-02T20:00:00', false],
    ['2026-03-02T00:00:00', false],
  ])('%s: %s', (now, may) => {
    expect(isSendingTime(at(now))).toBe(may);
  });
});
