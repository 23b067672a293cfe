/** What a command gets from `prepare/launch.mjs`, which shows the steps in the terminal. */
export type Tell = (text: string) => void;

export interface Steps {
  expect(count: number): void;
  say(line: string): void;
  secondsSinceStart(): number;
  step<T>(name: string, work: (tell: Tell) => Promise<T>): Promise<T>;
}

export interface CommandContext {
  root: string;
  args: string[];
  steps: Steps;
}

/** For programs that want no lines in their output. */
export const quietSteps: Steps = {
  expect: () => undefined,
  say: () => undefined,
  secondsSinceStart: () => process.uptime(),
  step: (_name, work) => work(() => undefined),
};
