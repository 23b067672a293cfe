/** docs/rules.md ticks off the rules of the guide: what it names is there, and what asserts a rule of the guide is named. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const LINE = /^ +- `(?<spec>[^`]+)`: `(?<title>[^`]+)`$/;

/** `<spec>: <title>` of every test in a source. What is skipped or only planned asserts nothing, and is not among them. */
function testsIn(spec: string, source: string): string[] {
  const tree = ts.createSourceFile(spec, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title) && declaresTest(node.expression)) found.push(`${spec}: ${title.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** `it(…)`, `it.each(table)(…)` and `it.each<Row>(table)(…)`. */
function declaresTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it';
  return ts.isCallExpression(callee) && callee.expression.getText().replace(/<.*>/s, '') === 'it.each';
}

const namedIn = (page: string): string[] =>
  page.split('\n').flatMap((line) => {
    const { spec, title } = LINE.exec(line)?.groups ?? {};
    return spec && title ? [`${spec}: ${title}`] : [];
  });

describe('the rules of the guide', () => {
  const specs = ['libs', 'apps', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.spec.ts'))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
  );
  const tests = specs.flatMap((spec) => testsIn(spec, readFileSync(join(root, spec), 'utf8')));
  const page = readFileSync(join(root, 'docs', 'rules.md'), 'utf8');

  it('every test that the page names exists', () => {
    expect(namedIn(page).length).toBeGreaterThan(50);
    expect(namedIn(page).filter((named) => !tests.includes(named))).toEqual([]);
  });

  it('every rule on the page has a test', () => {
    const lines = page.split('\n').filter((line) => /^ *- /.test(line));
    expect(lines.filter((line, index) => !LINE.test(line) && !LINE.test(lines[index + 1] ?? ''))).toEqual([]);
  });

  it('every test of a rule of the guide is on the page', () => {
    const named = new Set(namedIn(page));
    expect(tests.filter((test) => /: G\b[ :]/.test(test) && !named.has(test))).toEqual([]);
  });

  it('a test that is skipped, planned, or only spoken of is none', () => {
    const source = `it.skip('a', f); it.todo('b'); xit('c', f); // it('d', f)\nit('e', f); it.each<[string]>([['x']])('f %s', f); describe('g', f);`;
    expect(testsIn('x.spec.ts', source)).toEqual(['x.spec.ts: e', 'x.spec.ts: f %s']);
  });
});
