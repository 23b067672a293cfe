/** What no bank writes: control characters, halves of characters, private ones, and the mark of a decoder that gave up. */
const DAMAGED = /[\p{Cs}\p{Co}\p{Cn}\ufffd]|(?![\t\r\n])\p{Cc}/u;

export const isDamaged = (text: string) => DAMAGED.test(text);
