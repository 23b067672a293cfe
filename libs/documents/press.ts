/**
 * One warm browser and its sheets. A document waits for a free sheet; if its sheet or the browser dies under it, it is printed once more
 * on a new one; who asks for documents does not learn of it.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { XinyinError } from '#domain';
import type { FontLibrary } from './fonts.js';
import { Sheet, type PrintJob } from './sheet.js';

/** Two: one prints while the other lays out. More would only share the same cores. */
const SHEETS = 2;
const PATIENCE_MS = 15_000;
const FAREWELL_MS = 5_000;

interface Launched {
  readonly browser: Browser;
  readonly profile: string;
}

export class Press {
  #launching: Promise<Launched> | null = null;
  #idle: Sheet[] = [];
  #free = SHEETS;
  readonly #queue: (() => void)[] = [];
  readonly #atWork = new Set<Promise<Buffer>>();
  #closed = false;

  constructor(
    private readonly executablePath: string,
    private readonly fonts: FontLibrary,
    private readonly log: (line: string) => void,
  ) {}

  /** Launches and warms one sheet, so that the first document is as quick as the next. */
  async warm(): Promise<void> {
    await sweepProfiles();
    this.#idle.push(await this.#newSheet());
  }

  print(job: PrintJob): Promise<Buffer> {
    if (this.#closed) return Promise.reject(new XinyinError('UNAVAILABLE'));
    const work = this.#inTurn(job);
    this.#atWork.add(work);
    const done = () => void this.#atWork.delete(work);
    work.then(done, done);
    return work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#atWork);
    this.#idle = [];
    const launched = await this.#launching?.catch(() => null);
    this.#launching = null;
    if (launched) await end(launched);
  }

  async #inTurn(job: PrintJob): Promise<Buffer> {
    await this.#turn();
    try {
      return await this.#attempt(job).catch((reason: unknown) => {
        this.log(`documents: printing failed, tried once more: ${reason instanceof Error ? reason.message : 'unknown reason'}`);
        // On a new sheet: what ended this one may have ended the idle ones too, their news still under way.
        return this.#attempt(job, this.#newSheet());
      });
    } catch (cause) {
      throw new XinyinError('UNAVAILABLE', { cause });
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  async #attempt(job: PrintJob, fresh?: Promise<Sheet>): Promise<Buffer> {
    const sheet = await (fresh ?? this.#takeIdle() ?? this.#newSheet());
    try {
      const pdf = await sheet.print(job);
      if (this.#idle.length < SHEETS) this.#idle.push(sheet);
      else sheet.discard();
      return pdf;
    } catch (reason) {
      // Still whole, yet it failed: perhaps it hangs. A browser that cannot be trusted is replaced with its pages.
      if (sheet.usable) await this.#abandon();
      sheet.discard();
      throw reason;
    }
  }

  #takeIdle(): Sheet | undefined {
    for (let sheet = this.#idle.pop(); sheet; sheet = this.#idle.pop()) {
      if (sheet.usable) return sheet;
      sheet.discard();
    }
    return undefined;
  }

  async #newSheet(): Promise<Sheet> {
    this.#launching ??= this.#launch();
    const launching = this.#launching;
    const { browser } = await launching;
    // Only who finds the browser bad first replaces it: the others find the new one.
    const replace = async () => (this.#launching === launching ? this.#abandon() : undefined);
    if (browser.connected) {
      return Sheet.open(browser, this.fonts, this.log).catch(async (reason: unknown) => {
        await replace();
        throw reason;
      });
    }
    await replace();
    return this.#newSheet();
  }

  async #launch(): Promise<Launched> {
    try {
      return await launch(this.executablePath, this.log);
    } catch (reason) {
      this.#launching = null;
      throw reason;
    }
  }

  async #abandon(): Promise<void> {
    const launching = this.#launching;
    this.#launching = null;
    const launched = await launching?.catch(() => null);
    if (launched) {
      launched.browser.process()?.kill('SIGKILL');
      await end(launched);
    }
  }
}

/** The host's name keeps containers that share a temporary folder from sweeping each other's profiles. */
const PROFILE_PREFIX = `xinyin-documents-${hostname().replace(/\W/g, '_')}-`;

async function launch(executablePath: string, log: (line: string) => void): Promise<Launched> {
  const profile = await mkdtemp(join(tmpdir(), `${PROFILE_PREFIX}${process.pid}-`));
  const start = (...more: string[]) =>
    puppeteer.launch({
      executablePath,
      headless: 'shell',
      // A pipe and no port: nobody else can drive this browser, and it ends when our end of the pipe does, however we die.
      pipe: true,
      userDataDir: profile,
      protocolTimeout: PATIENCE_MS,
      // Whoever runs us decides what a signal means, and calls close().
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: surroundings(),
      args: [
        '--disable-gpu',
        '--disable-software-rasterizer',
        '--font-render-hinting=none',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        ...more,
      ],
    });
  try {
    if (process.getuid?.() === 0) return { browser: await start('--no-sandbox'), profile };
    return { browser: await start().catch((reason: unknown) => withoutSandbox(reason)), profile };
  } catch (reason) {
    await rm(profile, { recursive: true, force: true });
    throw reason;
  }

  function withoutSandbox(reason: unknown): Promise<Browser> {
    // Many containers forbid the user namespaces that the sandbox is made of. What is printed is our own markup, without scripts or network.
    if (process.platform !== 'linux') throw reason;
    log('documents: Chromium did not start with its sandbox; started without');
    return start('--no-sandbox');
  }
}

/** What a browser needs of our environment; secrets that stand there are none of its business. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_ALL|LD_LIBRARY_PATH|SYSTEMROOT|WINDIR|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES.*)$/i;

function surroundings(): Record<string, string | undefined> {
  const passed = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
  // Fontconfig, where Chromium uses it, is told of no font at all: only ours may be printed.
  return { ...Object.fromEntries(passed), ...(process.platform === 'linux' ? { FONTCONFIG_FILE: '/dev/null' } : {}) };
}

async function end({ browser, profile }: Launched): Promise<void> {
  const child = browser.process();
  const running = () => child !== null && child.exitCode === null && child.signalCode === null;
  const gone = running() ? new Promise<void>((resolve) => child?.once('exit', () => resolve())) : Promise.resolve();
  const timer = setTimeout(() => child?.kill('SIGKILL'), FAREWELL_MS);
  await browser.close().catch(() => undefined);
  await gone;
  clearTimeout(timer);
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}

/** Profiles of processes on this host that were killed before they could clean up. */
async function sweepProfiles(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PROFILE_PREFIX) ? Number.parseInt(name.slice(PROFILE_PREFIX.length), 10) : NaN;
    // One that belongs to another user stays: its owner sweeps it.
    if (!Number.isNaN(pid) && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code === 'EPERM';
  }
}
