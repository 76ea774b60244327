import { describe, expect, it } from '@jest/globals';
import { busMetrics } from './bus-metrics.js';
import { Metrics } from './metrics.js';

describe('metrics', () => {
  it('are named after service, thing and unit', async () => {
    const metrics = new Metrics('hsm-node');
    metrics.counter({ thing: 'attempts_voted', unit: 'total', help: 'For this test.' }).inc();
    metrics.gauge({ thing: 'accounts', unit: 'count', help: 'For this test.' }).set(2);
    metrics.histogram({ thing: 'flush', unit: 'seconds', help: 'For this test.' }, [0.1, 1]).observe(0.5);
    const { body } = await metrics.text();
    expect(body).toContain('strongroom_hsm_node_attempts_voted_total 1');
    expect(body).toContain('strongroom_hsm_node_accounts_count 2');
    expect(body).toContain('strongroom_hsm_node_flush_seconds_bucket{le="1"} 1');
    expect(body).toContain('strongroom_hsm_node_process_cpu_seconds_total');
  });

  it('count what the bus served and dropped', async () => {
    const metrics = new Metrics('hsm-node');
    const observer = busMetrics(metrics);
    observer.served('strongroom.rpc.a.b.c.v1', 'OK');
    observer.dropped('strongroom.rpc.a.b.c.v1', 'malformed');
    const { body } = await metrics.text();
    expect(body).toContain('strongroom_hsm_node_calls_served_total{contract="strongroom.rpc.a.b.c.v1",outcome="OK"} 1');
    expect(body).toContain('strongroom_hsm_node_messages_dropped_total{contract="strongroom.rpc.a.b.c.v1",reason="malformed"} 1');
  });
});
