import { describe, expect, it } from '@jest/globals';
import { Secret } from '@strongroom/protocol';
import { createLog } from './create-log.js';
import { NestLog } from './nest-log.js';

function capture(): { readonly lines: string[]; readonly log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  return { lines, log: createLog('hsm-node', 'debug', { write: (line) => void lines.push(line) }) };
}

describe('the log', () => {
  it('writes one JSON line for one event', () => {
    const { lines, log } = capture();
    log.info({ event: 'service.ready', port: 5 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', service: 'hsm-node', event: 'service.ready', port: 5 });
  });

  it.each([
    ['a secret', { key: new Secret('hunter2') }],
    ['a secret further down', { a: { b: { c: new Secret('hunter2') } } }],
    ['a token', { token: 'hunter2' }],
    ['a token one level down', { request: { token: 'hunter2' } }],
    ['an authorization header', { headers: { authorization: 'hunter2' } }],
    ['a recovery code', { code: 'hunter2' }],
    ['an account id', { uid: 'hunter2' }],
    ['a buffer', { payload: Buffer.from('hunter2') }],
    ['bytes', { payload: Uint8Array.from(Buffer.from('hunter2')) }],
    ['bytes further down', { request: { parts: [{ share: 1, payload: Uint8Array.from(Buffer.from('hunter2')) }] } }],
  ])('shows nothing of %s', (_, fields) => {
    const { lines, log } = capture();
    log.info({ event: 'x', ...fields });
    expect(lines.join()).not.toContain('hunter2');
    expect(lines.join()).not.toContain('104,117');
    expect(lines.join()).not.toContain('"0":104');
  });

  it("keeps Nest's start-up chatter at debug and its errors at error", () => {
    const { lines, log } = capture();
    const nest = new NestLog(log);
    nest.log('Starting', 'NestFactory');
    nest.error('broken', 'the stack', 'Router');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'debug', message: 'Starting', context: 'NestFactory' },
      { level: 'error', message: 'broken', stack: 'the stack', context: 'Router' },
    ]);
  });
});
