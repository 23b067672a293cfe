/** A string or number that cannot be mistaken for another kind of string or number. */
declare const brand: unique symbol;
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

export type ApplicationId = Branded<string, 'ApplicationId'>;
export type StaffId = Branded<string, 'StaffId'>;
/** What the office and the applicant call a case, e.g. `XB-2026-000123`. */
export type ApplicationNumber = Branded<string, 'ApplicationNumber'>;
/** Money in fen. Always a whole number; never floating point yuan. */
export type Fen = Branded<number, 'Fen'>;

/** @throws RangeError when the amount is no whole number that a double can carry exactly */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole amount of fen: ${amount}`);
  return amount as Fen;
}

/** `25000` → `250.00`: how an amount is written for people. */
export function yuan(amount: Fen): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`;
}
