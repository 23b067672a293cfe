/** Packages: `npm ci` when what is installed is not what package-lock.json asks for. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './failure.mjs';

/** @param {string} root @param {(text: string) => void} tell */
export async function ensureInstalled(root, tell) {
  const record = join(root, 'node_modules', '.xinyin-lock');
  const lockText = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lockText).digest('hex');
  if (existsSync(record) && readFileSync(record, 'utf8').trim() === wanted) return tell('up to date');
  const lock = JSON.parse(lockText.toString('utf8'));
  if (!matchesLock(root, lock)) {
    await npmCi(root, lock, tell);
    tell('installed');
  } else tell('up to date');
  writeFileSync(record, `${wanted}\n`);
}

/** True when somebody already ran `npm ci` by hand: npm keeps a list of what it put there. */
function matchesLock(root, lock) {
  const listFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(listFile)) return false;
  const installed = JSON.parse(readFileSync(listFile, 'utf8')).packages;
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed[path];
    // Packages for other platforms are optional and rightly absent.
    if (!present) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return present.version === entry.version && present.integrity === entry.integrity;
  });
}

async function npmCi(root, lock, tell) {
  const total = Object.values(lock.packages).filter((entry) => !entry.optional).length;
  tell(`npm ci, about ${total} packages`);
  const watching = setInterval(() => tell(`npm ci, ${Math.min(countInstalled(root), total)} of about ${total} packages`), 1_000);
  try {
    await runNpm(root, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  } finally {
    clearInterval(watching);
  }
}

/** `node_modules` is filled as packages are unpacked, so its entries are the measure of progress. */
function countInstalled(root) {
  const list = (folder) => (existsSync(folder) ? readdirSync(folder) : []);
  const modules = join(root, 'node_modules');
  return list(modules).reduce((count, name) => count + (name.startsWith('@') ? list(join(modules, name)).length : 1), 0);
}

/** The npm that started us, if one did; else the one on PATH. */
function runNpm(root, args) {
  const own = process.env.npm_execpath;
  const useOwn = own !== undefined && /npm-cli\.c?js$/.test(own);
  return new Promise((resolve, reject) => {
    const child = useOwn
      ? spawn(process.execPath, [own, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    // npm says first what is wrong and then how it is used.
    const keep = (chunk) => (output = (output + chunk).slice(0, 2_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (cause) =>
      reject(new LaunchError('npm could not be run. It comes with Node.js: check your installation.', { cause })),
    );
    child.on('close', (code) => (code === 0 ? resolve() : reject(new LaunchError(`npm ${args[0]} failed:\n${output.trim()}`))));
  });
}
