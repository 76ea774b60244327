import { describe, expect, it } from '@jest/globals';
import { ExampleStreams } from '../example/example-terminal.js';
import { Interrupted, askSecret } from './ask-secret.js';
import { byteProgress, formatBytes } from './progress-line.js';
import { Terminal } from './terminal.js';

describe('a terminal', () => {
  it('sends lines for people to standard output, and to standard error when the result is JSON', () => {
    const plain = new ExampleStreams(false);
    new Terminal({ streams: plain, json: false, plain: false }).line('hello');
    expect([plain.stdoutText, plain.stderrText]).toEqual(['hello\n', '']);
    const json = new ExampleStreams(false);
    const terminal = new Terminal({ streams: json, json: true, plain: false });
    terminal.line('hello');
    terminal.result({ a: 1 });
    expect([json.stdoutText, json.stderrText]).toEqual(['{"a":1}\n', 'hello\n']);
  });

  it('writes no result without --json', () => {
    const streams = new ExampleStreams(false);
    new Terminal({ streams, json: false, plain: false }).result({ a: 1 });
    expect(streams.stdoutText).toBe('');
  });

  it.each([
    [true, false, '\u001b[32mok\u001b[39m'],
    [true, true, 'ok'],
    [false, false, 'ok'],
  ])('with a terminal %s and NO_COLOR %s paints %j', (tty, plain, shown) => {
    expect(new Terminal({ streams: new ExampleStreams(tty), json: false, plain }).style('good', 'ok')).toBe(shown);
  });

  it('draws progress on a terminal alone and wipes it before the next line', () => {
    const streams = new ExampleStreams(true);
    const terminal = new Terminal({ streams, json: false, plain: false });
    terminal.progress('half way');
    terminal.line('done');
    expect(streams.stderrText).toBe('\r\u001b[2Khalf way\r\u001b[2K');
    const file = new ExampleStreams(false);
    new Terminal({ streams: file, json: false, plain: false }).progress('half way');
    expect(file.stderrText).toBe('');
  });

  it('redraws bytes at most ten times a second', () => {
    const streams = new ExampleStreams(true);
    let now = 0;
    const progress = byteProgress(new Terminal({ streams, json: false, plain: false }), 'encrypting', () => now);
    for (; now < 1000; now += 10) progress(now, 1000);
    expect(streams.err).toHaveLength(10);
    expect(streams.err[1]).toContain('encrypting 100 B of 1.0 kB (10 %)');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [12_345_678, '12.3 MB'],
    [5e15, '5000.0 TB'],
  ])('shows %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('a question for a secret', () => {
  function asking(): { streams: ExampleStreams; answer: Promise<string> } {
    const streams = new ExampleStreams(true);
    return { streams, answer: askSecret(new Terminal({ streams, json: false, plain: false }), 'Recovery code') };
  }

  it('is answered without showing a character', async () => {
    const { streams, answer } = asking();
    for (const key of ['1', '2', 'x', '\u007f', '3é', '\r']) streams.stdin.write(key);
    expect(await answer).toBe('123é');
    expect(streams.stderrText).toBe('Recovery code: \n');
    expect(streams.stdoutText).toBe('');
    expect(streams.raw).toEqual([true, false]);
  });

  it('gives the terminal back at Ctrl-C', async () => {
    const { streams, answer } = asking();
    streams.stdin.write('12\u0003');
    await expect(answer).rejects.toBeInstanceOf(Interrupted);
    expect(streams.raw).toEqual([true, false]);
  });

  it('is not asked without a terminal', async () => {
    const terminal = new Terminal({ streams: new ExampleStreams(false), json: false, plain: false });
    await expect(askSecret(terminal, 'Recovery code')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
