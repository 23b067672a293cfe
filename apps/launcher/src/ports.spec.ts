import { createServer, type Server } from 'node:net';
import { assertPortsFree, freePort, readPorts } from './ports.js';

const listen = (port: number): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

describe('ports', () => {
  it('has the documented ones', () => {
    expect(readPorts({})).toEqual({ api: 3000, responder: 3001, sandbox: 3002, postgres: 5433, temporal: 7233, temporalUi: 8233 });
  });

  it('takes another from its setting', () => {
    expect(readPorts({ XINYIN_POSTGRES_PORT: '15433' }).postgres).toBe(15433);
  });

  it.each(['abc', '0', '65536', '80.5', '-1'])('refuses %s as a port, naming the setting', (text) => {
    expect(() => readPorts({ XINYIN_API_PORT: text })).toThrow(`XINYIN_API_PORT must be a port from 1 to 65535, not "${text}".`);
  });

  it('refuses one port for two', () => {
    expect(() => readPorts({ XINYIN_API_PORT: '3001' })).toThrow('XINYIN_RESPONDER_PORT and XINYIN_API_PORT are both 3001.');
  });

  it('says which port is in use, by what, and the setting that moves it', async () => {
    const port = await freePort();
    const server = await listen(port);
    try {
      const check = assertPortsFree(['api', 'sandbox'], { ...readPorts({}), api: port, sandbox: await freePort() });
      const message = await check.then(
        () => '',
        (error: Error) => error.message,
      );
      expect(message).toContain(`Port ${port}, wanted for the API, is in use by process ${process.pid} (`);
      expect(message).toContain('XINYIN_API_PORT=');
      expect(message).not.toContain('XINYIN_SANDBOX_PORT');
    } finally {
      server.close();
    }
  });
});
