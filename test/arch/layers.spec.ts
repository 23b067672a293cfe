/** Each layer rule is broken by one small tree, and by nothing else in it: a rule that cannot fail guards nothing. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

interface Configuration {
  forbidden: (IForbiddenRuleType & { name: string })[];
  options: ICruiseOptions & { enhancedResolveOptions: object };
}

const root = resolve(import.meta.dirname, '../..');
const fixtures = join(root, 'test', 'fixtures', 'rules');
const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Configuration;

async function brokenRules(tree: string): Promise<string[]> {
  const { tsConfig: _ours, ...rest } = options;
  const { output } = await cruise(
    ['.'],
    { ...rest, baseDir: tree, validate: true, ruleSet: { forbidden } },
    options.enhancedResolveOptions,
  );
  const { summary, modules } = output as ICruiseResult;
  // A tree that was not read breaks nothing either.
  expect(modules.length).toBeGreaterThan(0);
  return [...new Set(summary.violations.map(({ rule }) => rule.name))];
}

describe('layer rules', () => {
  it('has a tree that breaks it for every rule', () => {
    expect(readdirSync(join(fixtures, 'layers')).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  it.each(forbidden.map(({ name }) => name))(
    '%s is broken by its tree, alone',
    async (name) => {
      expect(await brokenRules(join(fixtures, 'layers', name))).toEqual([name]);
    },
    30_000,
  );

  it('lets through what the architecture allows', async () => {
    expect(await brokenRules(join(fixtures, 'allowed'))).toEqual([]);
  }, 30_000);

  it('sees where a subpath import leads', async () => {
    const { output } = await cruise(['libs/config'], { ...options, baseDir: root }, options.enhancedResolveOptions);
    const links = (output as ICruiseResult).modules.flatMap(({ dependencies }) => dependencies);
    expect(links.find(({ module }) => module === '#domain')?.resolved).toBe('libs/domain/index.ts');
  }, 30_000);
});
