/**
 * What the year assumes about people and about the world. D: decision 0042. Whoever knows better changes a number here; nothing else in the
 * simulation holds one.
 */
import type { BusinessSlug, Channel, WindowSlug } from '#domain';
import type { Hours } from './time/working-time.js';

/** Of a thousand cases. Account bindings are the platform's work, not the office's, and are left out. */
export const mix: readonly (readonly [weight: number, { business: BusinessSlug; channel: Channel }])[] = [
  [340, { business: 'new', channel: 'online' }],
  [120, { business: 'new', channel: 'window' }],
  [240, { business: 'renewal-valid', channel: 'online' }],
  [60, { business: 'renewal-valid', channel: 'window' }],
  [80, { business: 'renewal-expired', channel: 'online' }],
  [30, { business: 'renewal-expired', channel: 'window' }],
  [30, { business: 'change', channel: 'window' }],
  [30, { business: 'reissue', channel: 'window' }],
  [15, { business: 'revocation', channel: 'window' }],
  [5, { business: 'revocation', channel: 'telephone' }],
  [50, { business: 'unlock', channel: 'telephone' }],
];

/** How many come on a day: by the day of the week (Monday first), and less on a day off. */
export const demand = {
  weekday: [1.25, 1.1, 1.05, 1, 0.9, 0.25, 0.2],
  dayOff: 0.15,
  /** January first: budgets begin in March, the Spring Festival is quiet, December wants everything done. */
  month: [1.05, 0.7, 1.3, 1.1, 1, 1, 0.95, 0.95, 1, 0.85, 1, 1.15],
  /** Of an online submission, by the hour of the day. */
  hour: [0, 0, 0, 0, 0, 0, 1, 2, 6, 12, 13, 10, 5, 6, 10, 12, 12, 9, 4, 3, 3, 2, 1, 0],
} as const;

/** Certificates of one application, and years: most buy one or two. */
export const bought = {
  count: [
    [78, 1],
    [13, 2],
    [6, 3],
    [3, 5],
  ],
  years: [
    [45, 1],
    [35, 2],
    [20, 3],
  ],
} as const;

export const staff = {
  reviewer: 2,
  /** At each window. */
  clerk: 2,
  supervisor: 2,
  'customer-service': 1,
  finance: 3,
  dispatcher: 2,
  /** Feeds the tokens of what was paid online. */
  station: 1,
} as const;
export type Post = keyof typeof staff;
export const postWords: Record<Post, { zh: string; en: string }> = {
  reviewer: { zh: '审核', en: 'Reviewers' },
  clerk: { zh: '窗口', en: 'Clerks' },
  supervisor: { zh: '主管', en: 'Supervisors' },
  'customer-service': { zh: '客服', en: 'Customer service' },
  finance: { zh: '财务', en: 'Finance' },
  dispatcher: { zh: '寄送', en: 'Dispatchers' },
  station: { zh: '制证', en: 'Token station' },
};

/** Behind the windows; those have hours of their own, in the domain. */
export const backOffice: Hours = [
  ['09:00', '12:00'],
  ['13:00', '17:30'],
];
/** On a Friday they stay until it is done. */
export const dispatcherHours: Hours = [
  ['09:00', '12:00'],
  ['13:00', '21:00'],
];
/** When the bank books transfers: on its working days. */
export const bankHours: Hours = [['08:30', '17:30']];
/** The courier comes once a day. */
export const courierComes = '17:00';
export const windowShares: readonly (readonly [number, WindowSlug])[] = [
  [60, 'chengnan'],
  [40, 'xinchuan'],
];

/** Minutes of a person's work for one step. */
export const minutesFor = {
  review: 8,
  reviewAgain: 4,
  entry: 11,
  windowReview: 6,
  payment: 3,
  token: 3,
  handOver: 3,
  feeConfirmation: 4,
  keyRecovery: 5,
  telephoneCall: 9,
  unlockApproval: 4,
  explanation: 10,
  secondPerson: 4,
  refundApproval: 5,
  refundAccount: 8,
  letter: 2,
} as const;

/** Mean days that others take, of which some take much longer. */
export const daysFor = {
  phone: 0.15,
  correction: 2.5,
  payment: 2.2,
  rest: 2,
  installation: 4,
  certification: 1.2,
  refundAtBank: 1,
} as const;

/** Shares of those who could. */
export const shares = {
  /** Another phone than the one that submitted, which gets a code. */
  otherPhone: 0.12,
  phoneNever: 0.02,
  returned: 0.13,
  returnedAgain: 0.06,
  rejected: 0.012,
  correctionNever: 0.05,
  withdrawn: 0.01,
  cancelled: 0.002,
  installationNever: 0.03,
  suspensionConfirmed: 0.7,
  unlockRefused: 0.03,
  unlockTooLate: 0.05,
  /** Not certified at the platform when the certificate is made, and so to be waited for. */
  uncertified: 0.18,
  /** A transfer without its reference code. */
  noReference: 0.12,
  /** The same organisation applies for a second certificate within the hour, and another bears the same name. */
  twin: 0.03,
  sameName: 0.004,
  /** A twin pays both orders with one transfer. */
  oneTransferForBoth: 0.5,
  /** Of a held credit that could be the organisation's after all: its payer proves it. */
  explainedAsOwn: 0.55,
  /** Whoever was told that a transfer is held sends another. */
  paysAgain: 0.85,
  refundFails: 0.04,
  reversed: 0.004,
  /** The courier stays away on a Friday, until the Tuesday after. */
  courierAway: 0.02,
  parcelReturned: 0.012,
  parcelLost: 0.001,
} as const;

/** In fen: what the office's first setting is (migration Finance). */
export const secondPersonAbove = 100_000;
/** In fen, on the last day of a quarter. */
export const interest = 31_415;

/** How a transfer comes, of a thousand. */
export const payments = {
  organisation: [
    [842, 'exact'],
    [30, 'short'],
    [20, 'over'],
    [12, 'twice'],
    [26, 'wrong-payer'],
    [22, 'personal'],
    [14, 'late'],
    [34, 'never'],
  ],
  anybody: [
    [900, 'exact'],
    [22, 'short'],
    [20, 'over'],
    [10, 'twice'],
    [14, 'late'],
    [34, 'never'],
  ],
} as const;
export type PaymentWay = (typeof payments)[keyof typeof payments][number][1];

/** Each so often a year, and so many hours, by chance in between. */
export const outages = {
  system: { aYear: 8, hours: [0.5, 9] },
  bankPush: { aYear: 5, hours: [2, 30] },
  platform: { aYear: 8, hours: [1, 14] },
} as const;
export type OutageKind = keyof typeof outages;
/** And once a year the system is down from a Thursday evening until after the Saturday on which that Friday could be made up. */
export const longOutage = { aYear: 1, from: '20:00', hours: 40 } as const;
/** And once on a Friday, the platform alone. */
export const fridayWithoutPlatform = { aYear: 1, from: '08:30', hours: 8 } as const;
