import { describe, expect, it } from '@jest/globals';
import { LiveWatchers, MAX_BACKLOG_BYTES, MAX_WATCH_MS } from './live-watchers.js';

describe('those who watch', () => {
  it('are let go when they do not read, and the others go on', () => {
    const watchers = new LiveWatchers();
    const [slow, quick] = [watchers.add(0, 1), watchers.add(0, 1)];
    const read: string[] = [];
    quick.setEncoding('utf8').on('data', (text: string) => read.push(text));
    const data = 'x'.repeat(1024);
    for (let sent = 0; sent <= MAX_BACKLOG_BYTES; sent += data.length) {
      watchers.send('told', data);
      quick.read();
    }
    expect(slow.destroyed).toBe(true);
    expect(quick.destroyed).toBe(false);
  });

  it('are ended with their token, and with their time at the latest', () => {
    const watchers = new LiveWatchers();
    watchers.add(0, 5_000);
    watchers.add(0, Number.MAX_SAFE_INTEGER);
    watchers.endOverdue(4_999);
    expect(watchers.count).toBe(2);
    watchers.endOverdue(5_000);
    expect(watchers.count).toBe(1);
    watchers.endOverdue(MAX_WATCH_MS);
    expect(watchers.count).toBe(0);
  });

  it('get one event for one message, whatever is in it', () => {
    const watchers = new LiveWatchers();
    const stream = watchers.add(0, 1).setEncoding('utf8');
    watchers.send('told', { text: 'a\n\nevent: nodes\ndata: {}' });
    expect(String(stream.read()).split('\n\n').length).toBe(2);
  });
});
