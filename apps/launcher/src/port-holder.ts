/** Who listens on a port: read from /proc on Linux, asked of `lsof` elsewhere. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LISTENING = '0A';

export async function findPortHolders(port: number): Promise<number[]> {
  const fromProc = await fromSocketTables(port);
  return fromProc.length > 0 ? fromProc : fromLsof(port);
}

/** `process 4711 (node server.js)` */
export async function describeProcess(pid: number): Promise<string> {
  const command = await commandOf(pid);
  return command === '' ? `process ${pid}` : `process ${pid} (${command.length > 100 ? `${command.slice(0, 99)}…` : command})`;
}

/** The command line of a living process, or nothing. */
export async function commandOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (fromProc !== '') return fromProc.split('\0').join(' ').trim();
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

async function fromSocketTables(port: number): Promise<number[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  const sockets = new Set(rows.filter((row) => row[1]?.endsWith(suffix) && row[3] === LISTENING).map((row) => `socket:[${row[9]}]`));
  if (sockets.size === 0) return [];
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const holds = await Promise.all(pids.map((pid) => holdsAny(pid, sockets)));
  return firstOfFamilies(pids.filter((_pid, index) => holds[index]));
}

async function holdsAny(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const handles = await readdir(folder).catch(() => []);
  const targets = await Promise.all(handles.map((handle) => readlink(`${folder}/${handle}`).catch(() => '')));
  return targets.some((target) => sockets.has(target));
}

/** A server's forks hold its socket too; the first is the one to name. */
function firstOfFamilies(pids: number[]): number[] {
  return [...pids].sort((a, b) => a - b).slice(0, 1);
}

async function fromLsof(port: number): Promise<number[]> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']).catch(() => ({ stdout: '' }));
  return firstOfFamilies(stdout.split('\n').filter(Boolean).map(Number));
}
