/** Columns in a terminal, where a Chinese character is two wide. */
export function renderTable(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(width)));
  const line = (cells: string[]) =>
    `  ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join('   ')}`.trimEnd();
  return [line(head), line(widths.map((w) => '─'.repeat(w))), ...rows.map(line)].join('\n');
}

function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/u.test(character) ? 2 : 1), 0);
}
