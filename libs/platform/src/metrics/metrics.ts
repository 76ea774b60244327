import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface MetricName {
  /** What is measured, as in `attempts_voted`. */
  readonly thing: string;
  /** `total` for counters; `seconds`, `bytes`, `count` and the like otherwise. */
  readonly unit: string;
  readonly help: string;
  /** Names of a few values each: never an account, a session or an address. */
  readonly labels?: readonly string[];
}

/** The metrics of one service, named `strongroom_<service>_<thing>_<unit>`, with those of the process itself. */
export class Metrics {
  readonly registry = new Registry();
  private readonly prefix: string;

  /** @param service as in `hsm-node` */
  constructor(service: string) {
    this.prefix = `strongroom_${service.replaceAll('-', '_')}_`;
    collectDefaultMetrics({ register: this.registry, prefix: this.prefix });
  }

  counter(name: MetricName): Counter {
    return new Counter(this.options(name));
  }

  gauge(name: MetricName): Gauge {
    return new Gauge(this.options(name));
  }

  histogram(name: MetricName, buckets: readonly number[]): Histogram {
    return new Histogram({ ...this.options(name), buckets: [...buckets] });
  }

  /** The Prometheus text format and its content type. */
  async text(): Promise<{ readonly body: string; readonly contentType: string }> {
    return { body: await this.registry.metrics(), contentType: this.registry.contentType };
  }

  private options({ thing, unit, help, labels = [] }: MetricName): {
    name: string;
    help: string;
    labelNames: string[];
    registers: Registry[];
  } {
    return { name: `${this.prefix}${thing}_${unit}`, help, labelNames: [...labels], registers: [this.registry] };
  }
}
