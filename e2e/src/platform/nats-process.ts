import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type ServiceProcess } from '@strongroom/stack';

/** A nats-server of the test's own, so that the test may kill it and start it again on the same port. */
export class NatsProcess {
  private constructor(
    /** As NATS_URL takes it, with the password. */
    readonly url: string,
    private readonly server: ServiceProcess,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<NatsProcess> {
    const dataDir = mkdtempSync(join(tmpdir(), 'bus-'));
    // Without NATS_URL: a server that others use is not ours to kill.
    const { openUrl: url, process: server } = await startNats({ dataDir, env: { PATH: process.env['PATH'] }, openLogin: true });
    if (server === undefined || url === undefined) throw new Error('no server of our own was started');
    return new NatsProcess(url, server, dataDir);
  }

  /** Without a farewell to anyone. */
  kill(): Promise<void> {
    return this.server.kill9();
  }

  startAgain(): Promise<void> {
    return this.server.start();
  }

  async end(): Promise<void> {
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true });
  }
}
