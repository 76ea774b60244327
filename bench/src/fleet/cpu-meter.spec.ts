import { describe, expect, it } from '@jest/globals';
import { used, type CpuReading } from './cpu-meter.js';

const reading = (gateway: number, node: number): CpuReading => ({
  services: new Map([
    ['session-gateway', gateway],
    ['hsm-node-1', node],
  ]),
  userMs: gateway,
  systemMs: node,
  machineMs: 2 * (gateway + node),
  stolenMs: 0,
});

describe('the processor meter', () => {
  it('gives what was used between two readings, by process and by kind', () => {
    const { services, userMs, systemMs, machineMs } = used(reading(100, 40), reading(160, 70));
    expect([...services]).toEqual([
      ['session-gateway', 60],
      ['hsm-node-1', 30],
    ]);
    expect([userMs, systemMs, machineMs]).toEqual([60, 30, 180]);
  });
});
