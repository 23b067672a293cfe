/** `--queues business,documents`: which queues this process serves. */
import { queues, type Queue } from '#workflows/contract';

export function queuesFromArguments(argv: readonly string[]): Queue[] {
  const position = argv.indexOf('--queues');
  const names = (argv[position + 1] ?? '').split(',').filter(Boolean);
  const known = names.filter((name): name is Queue => Object.hasOwn(queues, name));
  if (position < 0 || names.length === 0 || known.length < names.length) {
    throw new Error(`say which queues to serve: --queues ${Object.keys(queues).join(',')}`);
  }
  return known;
}
