const NONE = {
  loss: 0,
  duplication: 0,
  reorder: 0,
  delay: 0,
  partition: 0,
  crash: 0,
  crashBeforeFlush: 0,
  crashAfterFlush: 0,
  tornWrite: 0,
  lostWrite: 0,
  bitRot: 0,
  rollback: 0,
  replaced: 0,
  diskFull: 0,
  clockJump: 0,
  clockSkew: 0,
  slowNode: 0,
  replay: 0,
  forgery: 0,
  withheld: 0,
  corruptNode: 0,
  lie: 0,
  clientDied: 0,
  race: 0,
};

/** Every kind of fault that a run can meet, counted as it happens and not as it is planned. */
export type Fault = keyof typeof NONE;
export type FaultCounts = Record<Fault, number>;

export function noFaults(): FaultCounts {
  return { ...NONE };
}

export function addFaults(to: FaultCounts, more: FaultCounts): void {
  for (const fault of faultKinds()) to[fault] += more[fault];
}

export function faultKinds(): readonly Fault[] {
  return Object.keys(NONE).filter((name): name is Fault => name in NONE);
}
