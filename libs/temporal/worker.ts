/** Workers: one a queue, with our interceptors and limits. */
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { activityInfo } from '@temporalio/activity';
import { converter, type EngineAddress } from './client.js';
import { toFailure } from './failures.js';

export interface WorkerSettings {
  taskQueue: string;
  activities: object;
  /** A prebuilt bundle, its path, or the sources' path (built at start); absent for queues that run activities only. */
  workflows?: { bundlePath: string } | { code: string } | { sourcesPath: string };
  /** Called after each activity with how it went; an unknown error comes with its cause for the log. */
  observe?: (event: { activity: string; seconds: number; error?: unknown }) => void;
  maxCachedWorkflows?: number;
  concurrentActivities?: number;
}

/** How much the engine's own library says; ours is said by our loggers. To be called before the first worker; later calls do nothing. */
export function quietEngine(level: 'WARN' | 'ERROR'): void {
  if (Runtime._instance === undefined) Runtime.install({ logger: new DefaultLogger(level) });
}

export async function connectWorkers({ address }: EngineAddress): Promise<NativeConnection> {
  return NativeConnection.connect({ address });
}

export async function createWorker(
  connection: NativeConnection,
  { namespace, payloadKey }: Pick<EngineAddress, 'namespace' | 'payloadKey'>,
  settings: WorkerSettings,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    ...converter(payloadKey),
    taskQueue: settings.taskQueue,
    activities: settings.activities,
    ...workflowSource(settings.workflows),
    maxCachedWorkflows: settings.maxCachedWorkflows ?? 300,
    maxConcurrentActivityTaskExecutions: settings.concurrentActivities ?? 20,
    // The default of 0 would cut activities off in the middle.
    shutdownGraceTime: '5s',
    shutdownForceTime: '8s',
    interceptors: { activity: [() => ({ inbound: failuresInOurWords(settings.observe) })] },
  });
}

function workflowSource(workflows: WorkerSettings['workflows']): Partial<WorkerOptions> {
  if (!workflows) return {};
  if ('bundlePath' in workflows) return { workflowBundle: { codePath: workflows.bundlePath } };
  if ('code' in workflows) return { workflowBundle: { code: workflows.code } };
  return { workflowsPath: workflows.sourcesPath, bundlerOptions: { webpackConfigHook: resolveSources } };
}

type WebpackHook = NonNullable<NonNullable<WorkerOptions['bundlerOptions']>['webpackConfigHook']>;
/** Lets the bundler read TypeScript sources through the package's own subpath imports. */
export const resolveSources: WebpackHook = (config) => ({
  ...config,
  resolve: {
    ...config.resolve,
    conditionNames: ['source', 'import', 'module', 'node', 'require', 'default'],
    extensionAlias: { '.js': ['.ts', '.js'] },
  },
});

function failuresInOurWords(observe: WorkerSettings['observe']): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const started = process.hrtime.bigint();
      const seconds = () => Number(process.hrtime.bigint() - started) / 1e9;
      const activity = activityInfo().activityType;
      try {
        const result = await next(input);
        observe?.({ activity, seconds: seconds() });
        return result;
      } catch (error) {
        observe?.({ activity, seconds: seconds(), error });
        throw toFailure(error);
      }
    },
  };
}
