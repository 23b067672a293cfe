/** Temporal's test server, which skips time; for tests only. The cache, the SDK's own download, or Maven. */
import { execFile } from 'node:child_process';
import { chmod, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LaunchError, reasonOf } from './failure.js';
import { cacheFolder, intoCache, isProgram, onPath, type Found } from './programs.js';
import { downloadWithSdk } from './sdk-download.js';
import type { Tell } from './steps.js';

const run = promisify(execFile);
const VERSION = '1.32.0';
const PLACES = { sdk: 'temporal-test-server-sdk', maven: `temporal-test-server-${VERSION}` } as const;
const PROGRAM = 'temporal-test-server';
const MAVEN_WITHIN_MS = 5 * 60_000;

/** @throws LaunchError that says what was tried and what to install */
export async function findTimeSkippingServer(tell: Tell, signal?: AbortSignal): Promise<Found> {
  const cache = cacheFolder();
  const cached = Object.values(PLACES)
    .map((place) => join(cache, place, PROGRAM))
    .find(isProgram);
  if (cached) return { path: cached, origin: 'from the cache' };
  const tried: string[] = [];
  for (const source of [fromSdk, fromMaven]) {
    try {
      return await source(cache, tell, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      tried.push(`  ${reasonOf(error)}`);
    }
  }
  throw new LaunchError(
    `Temporal's time-skipping test server could not be had:\n${tried.join('\n')}\nInstall Maven and a Java runtime (11 or newer).`,
  );
}

async function fromSdk(cache: string, tell: Tell, signal?: AbortSignal): Promise<Found> {
  const place = join(cache, PLACES.sdk);
  await intoCache(place, async (folder) => {
    tell('asking the SDK to download it');
    await rename(await downloadWithSdk('time-skipping', folder, signal), join(folder, PROGRAM));
  });
  return { path: join(place, PROGRAM), origin: 'downloaded by the SDK' };
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>xinyin</groupId>
  <artifactId>temporal-test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
      <scope>runtime</scope>
    </dependency>
  </dependencies>
</project>
`;

async function fromMaven(cache: string, tell: Tell, signal?: AbortSignal): Promise<Found> {
  const [maven, java] = await Promise.all([onPath('mvn'), onPath('java')]);
  if (!maven || !java) throw new Error('Maven: there is no `mvn` or no `java` on PATH.');
  const place = join(cache, PLACES.maven);
  await intoCache(place, async (folder) => {
    tell('from Maven');
    await writeFile(join(folder, 'pom.xml'), POM);
    const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'];
    await run(maven, ['--batch-mode', '--quiet', ...copy], { cwd: folder, signal, timeout: MAVEN_WITHIN_MS }).catch((cause: unknown) => {
      const said = cause instanceof Error && 'stdout' in cause ? String(cause.stdout).trim().split('\n')[0] : '';
      throw new Error(`Maven: ${said || reasonOf(cause)}`, { cause });
    });
    if ((await readdir(join(folder, 'jars'))).length === 0) throw new Error('Maven: it copied nothing.');
    await rm(join(folder, 'pom.xml'));
    await writeFile(join(folder, PROGRAM), WRAPPER);
    await chmod(join(folder, PROGRAM), 0o755);
  });
  return { path: join(place, PROGRAM), origin: 'from Maven' };
}

/** The SDK wants one program. `--port` and the rest are passed on as they come. */
const WRAPPER = `#!/bin/sh
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$@"
`;
