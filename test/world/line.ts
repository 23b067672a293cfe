/** A line to a server that can be cut and mended: while it is cut, nothing gets through and nobody is told why. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  address: string;
  /** `refused`: connections break, as when the server is gone. `silent`: they stand, and nothing is ever answered. */
  cut(how: 'refused' | 'silent'): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openLine(target: string): Promise<Line> {
  const { hostname, port } = new URL(`tcp://${target}`);
  let state: 'whole' | 'refused' | 'silent' = 'whole';
  const open = new Set<Socket>();
  const remember = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
  };
  const breakAll = () => open.forEach((socket) => socket.destroy());
  const server = createServer((near) => {
    remember(near);
    if (state === 'refused') return void near.destroy();
    if (state === 'silent') return void near.resume();
    const far = connect(Number(port), hostname);
    remember(far);
    near.pipe(far).on('close', () => near.destroy());
    far.pipe(near).on('close', () => far.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const change = (next: typeof state) => {
    state = next;
    breakAll();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: change,
    mend: () => change('whole'),
    close: () => {
      breakAll();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
