/** 窗口 hours by the published calendar of 2026. Rules: business.md, "Windows and hours". */
import { hoursOf, isOpen, isWindow, windows, type WindowSlug } from '#domain';
import { publishedHolidays } from './holidays.js';

const open = (window: WindowSlug, day: string, clock: string) => isOpen(window, new Date(`${day}T${clock}+08:00`), publishedHolidays);
/** A Wednesday on which nothing is special. */
const WEDNESDAY = '2026-03-04';

describe('hours of the windows', () => {
  it.each([
    ['chengnan', '08:59:59', false],
    ['chengnan', '09:00:00', true],
    ['chengnan', '12:30:00', true],
    ['chengnan', '17:29:59', true],
    ['chengnan', '17:30:00', false],
    ['xinchuan', '08:59:59', false],
    ['xinchuan', '09:00:00', true],
    ['xinchuan', '11:59:59', true],
    ['xinchuan', '12:00:00', false],
    ['xinchuan', '12:59:59', false],
    ['xinchuan', '13:00:00', true],
    ['xinchuan', '17:29:59', true],
    ['xinchuan', '17:30:00', false],
  ] as const)('G hours: %s at %s: %s', (window, clock, answer) => {
    expect(open(window, WEDNESDAY, clock)).toBe(answer);
  });

  it.each([
    ['2026-03-07', 'a Saturday', false],
    ['2026-03-08', 'a Sunday', false],
    ['2026-02-14', 'a Saturday made working by 调休', true],
    ['2026-01-04', 'a Sunday made working by 调休', true],
    ['2026-02-28', 'a Saturday made working by 调休', true],
    ['2026-09-20', 'a Sunday made working by 调休', true],
    ['2026-02-17', 'Spring Festival, a Tuesday', false],
    ['2026-10-07', 'National Day, a Wednesday', false],
    ['2026-10-08', 'the Thursday after it', true],
    ['2026-06-19', 'Dragon Boat Festival, a Friday', false],
  ])('G hours: %s, %s: %s, at both', (day, _, answer) => {
    expect([open('chengnan', day, '10:00:00'), open('xinchuan', day, '10:00:00')]).toEqual([answer, answer]);
  });

  it('G hours: the day is that of Shanghai', () => {
    // Friday 01:30 UTC is 09:30 in Shanghai; Friday 16:30 UTC is Saturday there.
    expect(isOpen('chengnan', new Date('2026-03-06T01:30:00Z'), publishedHolidays)).toBe(true);
    expect(isOpen('chengnan', new Date('2026-03-06T16:30:00Z'), publishedHolidays)).toBe(false);
  });

  it('G windows: where they stand, and their hours in words', () => {
    expect(windows.chengnan.zh).toBe('城南综合服务窗口');
    expect(windows.chengnan.address).toBe('成都市高新区交子大道 333 号中海国际中心 E 座 508');
    expect(hoursOf('chengnan')).toBe('09:00-17:30');
    expect(windows.xinchuan.zh).toBe('新川综合服务窗口');
    expect(windows.xinchuan.address).toBe('成都市高新区锦和路 1699 号 AI 创新中心二期 E3 栋 1 楼大厅');
    expect(hoursOf('xinchuan')).toBe('09:00-12:00, 13:00-17:30');
  });

  it('there are no others', () => {
    expect(['chengnan', 'xinchuan', 'constructor', ''].map(isWindow)).toEqual([true, true, false, false]);
  });
});
