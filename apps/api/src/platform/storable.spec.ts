import { XinyinError } from '#domain';
import { StorableQuery, unstorableIn } from './storable.js';

describe('text that nothing can keep', () => {
  it.each<[unknown, object[]]>([
    ['成都', []],
    [{ form: { organisation: { certificateName: '成都𠮷医药' } }, count: 3, additional: true, note: null }, []],
    [{ form: { agent: { name: '李\0' } } }, [{ field: 'form/agent/name', code: 'TEXT_CONTROL_CHARACTER' }]],
    [{ reasons: [{ note: 'x' }, { note: '\ud800' }] }, [{ field: 'reasons/1/note', code: 'TEXT_LONE_SURROGATE' }]],
    [{ 'a\0': 'x' }, [{ field: '', code: 'TEXT_CONTROL_CHARACTER' }]],
  ])('%j', (value, found) => {
    expect(unstorableIn(value)).toEqual(found);
  });

  it('is looked for below 60,000 brackets, too', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(60_000)}"\\u0000"${']'.repeat(60_000)}`);
    expect(unstorableIn(deep)).toMatchObject([{ code: 'TEXT_CONTROL_CHARACTER' }]);
  });

  it('is refused in a query, under its name; the parts of a path are left to their own form', () => {
    const pipe = new StorableQuery();
    expect(pipe.transform('held', { type: 'query', data: 'state' })).toBe('held');
    expect(pipe.transform(undefined, { type: 'query', data: 'state' })).toBeUndefined();
    expect(pipe.transform('\0', { type: 'param', data: 'id' })).toBe('\0');
    const refused = (value: unknown) => {
      try {
        return pipe.transform(value, { type: 'query', data: 'uscc' });
      } catch (error) {
        return error instanceof XinyinError ? error.fields : error;
      }
    };
    expect(refused('9151\0')).toEqual([{ field: 'uscc', code: 'TEXT_CONTROL_CHARACTER' }]);
    expect(refused(['x', '\ud800'])).toEqual([{ field: 'uscc/1', code: 'TEXT_LONE_SURROGATE' }]);
  });
});
