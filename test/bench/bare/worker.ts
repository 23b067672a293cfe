/** Workers of the bare measurement in a process of their own: address, namespace, queues. */
import { connectWorkers, createWorker, quietEngine } from '#temporal';
import { activityInfo } from '@temporalio/activity';
import { didLine } from './progress.js';

quietEngine('ERROR');
const [address = '', namespace = '', ...served] = process.argv.slice(2);
const connection = await connectWorkers({ address, namespace });
const activities = { nothing: async () => console.log(didLine(activityInfo().workflowExecution?.workflowId ?? '')) };
const workers = await Promise.all(served.map((taskQueue) => createWorker(connection, { namespace }, { taskQueue, activities })));
process.once('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
const running = workers.map((worker) => worker.run());
console.log('worker ready');
await Promise.all(running);
process.exit(0);
